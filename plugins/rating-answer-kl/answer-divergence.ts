import { tf } from 'dna-nas/nn';

/**
 * Mean over images of KL(p ‖ q) = Σ p · (log p − log q) in nats, where p and q are softmax(teacher / temperature) and
 * softmax(student / temperature): logits [n, classes] twice → [].
 * @throws RangeError if they are no logits of one shape: a ranking that gives feature maps whatever the rating compares.
 */
export function answerDivergence(student: tf.Tensor, teacher: tf.Tensor, temperature: number): tf.Scalar {
  if (teacher.rank !== 2 || student.shape.join() !== teacher.shape.join()) {
    throw new RangeError(
      `rating-answer-kl: logits [n, classes] of one shape were expected, not [${student.shape}] and [${teacher.shape}].`,
    );
  }
  return tf.tidy(() => {
    const [own, behind] = [teacher, student].map((logits) => tf.logSoftmax(tf.div(logits, temperature)));
    return tf.mean(tf.sum(tf.mul(tf.exp(own!), tf.sub(own!, behind!)), -1));
  });
}
