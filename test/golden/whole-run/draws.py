"""The draws of a run, which are all that this reference shares with it: Philox 4x32-10 (Salmon et al. 2011) in streams
that are split by name (SHA-256 of the stream above and the names). What is drawn from which stream is told by
ARCHITECTURE.md ("What a result depends on"), and by the code where the page says no more than "by its name"."""

import hashlib
import math

import numpy as np

WORD = np.uint64(0xFFFFFFFF)
HALF = np.uint64(32)
MULTIPLIERS = (np.uint64(0xD2511F53), np.uint64(0xCD9E8D57))
WEYL = (0x9E3779B9, 0xBB67AE85)


def philox(counters, key):
    """Encrypts counters [n, 4] under a key of two words."""
    c = [counters[:, word].astype(np.uint64) for word in range(4)]
    k = list(key)
    for _ in range(10):
        p, q = MULTIPLIERS[0] * c[0], MULTIPLIERS[1] * c[2]
        k0, k1 = np.uint64(k[0]), np.uint64(k[1])
        c = [(q >> HALF) ^ c[1] ^ k0, q & WORD, (p >> HALF) ^ c[3] ^ k1, p & WORD]
        k = [(k[0] + WEYL[0]) & 0xFFFFFFFF, (k[1] + WEYL[1]) & 0xFFFFFFFF]
    return np.stack(c, 1).reshape(-1)


class Stream:
    """Values drawn one after another; `fork` is pure."""

    def __init__(self, digest):
        self.digest = digest
        self.drawn = 0
        self.kept = np.zeros(0, np.uint64)

    @staticmethod
    def of_seed(seed):
        return Stream(hashlib.sha256(f"dna:{seed}".encode()).digest())

    def fork(self, *names):
        texts = [f"{'s' if isinstance(name, str) else 'n'}{len(str(name))}:{name}" for name in names]
        return Stream(hashlib.sha256(self.digest + "".join(texts).encode()).digest())

    def uint32s(self, count):
        words = np.frombuffer(self.digest[:16], "<u4")
        end = self.drawn + count
        if end > len(self.kept):
            blocks = np.zeros((max(4, -(-end // 4)), 4), np.uint64)
            blocks[:, 0] = np.arange(len(blocks))
            blocks[:, 2:] = words[2:]
            self.kept = philox(blocks, (int(words[0]), int(words[1])))
        found = self.kept[self.drawn : end]
        self.drawn = end
        return found

    def uniform(self):
        high, low = (int(word) for word in self.uint32s(2))
        return ((high >> 5) * 67108864 + (low >> 6)) / 9007199254740992

    def integer(self, below):
        limit = 2**32 - 2**32 % below
        while True:
            drawn = int(self.uint32s(1)[0])
            if drawn < limit:
                return drawn % below

    def permutation(self, length):
        order = list(range(length))
        for last in range(length - 1, 0, -1):
            other = self.integer(last + 1)
            order[last], order[other] = order[other], order[last]
        return order

    def uniforms(self, count):
        return np.array([self.uniform() for _ in range(count)])

    def normal(self):
        radius = math.sqrt(-2 * math.log(1 - self.uniform()))
        return radius * math.cos(2 * math.pi * self.uniform())

    def log_gamma(self, shape):
        """The logarithm of a draw from Gamma(shape, 1), Marsaglia and Tsang's (2000)."""
        d = shape + 2 / 3
        while True:
            x = self.normal()
            v = (1 + x / math.sqrt(9 * d)) ** 3
            u = 1 - self.uniform()
            if v > 0 and math.log(u) < x * x / 2 + d * (1 - v + math.log(v)):
                return math.log(d * v) + math.log(1 - self.uniform()) / shape

    def beta(self, alpha):
        """A draw from Beta(alpha, alpha)."""
        first, second = (self.fork(name).log_gamma(alpha) for name in ("first", "second"))
        return 1 / (1 + math.exp(second - first))

    def normals(self, count):
        """Box and Muller's, both of each pair."""
        words = self.uint32s(count + count % 2).astype(np.float64)
        radius = np.sqrt(-2 * np.log((words[0::2] + 1) / 2**32))
        angle = 2 * math.pi * words[1::2] / 2**32
        return np.stack([radius * np.cos(angle), radius * np.sin(angle)], 1).reshape(-1)[:count]


class BatchOrder:
    """An epoch is a permutation of all images, cut into whole batches; what is left over is left out."""

    def __init__(self, stream, images, batch):
        self.stream, self.images, self.batch = stream, images, batch
        self.steps_per_epoch = images // batch

    def steps(self, epochs):
        return max(1, math.floor(epochs * self.steps_per_epoch + 0.5))

    def indices(self, step):
        epoch, at = divmod(step, self.steps_per_epoch)
        order = self.stream.fork("epoch", epoch).permutation(self.images)
        return order[at * self.batch : (at + 1) * self.batch]
