// What of MLflow's REST interface a tracker asks for, in a process of its own: `fork(…, ['answers' | 'hangs' | 'fails'])`. It
// sends its address, and takes another mood as a message.
import { createServer } from 'node:http';

let mood = process.argv[2];
process.on('message', (next) => {
  mood = next;
});

const ANSWERS = {
  'experiments/get-by-name': { experiment: { experiment_id: '1' } },
  'runs/create': { run: { info: { run_id: 'run' } } },
  'runs/get': { run: { data: {} } },
};

const server = createServer((request, response) => {
  request.resume().on('end', () => {
    if (mood === 'hangs') return;
    const path = new URL(request.url, 'http://localhost').pathname.replace('/api/2.0/mlflow/', '');
    response.writeHead(mood === 'fails' ? 500 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(ANSWERS[path] ?? {}));
  });
});
server.listen(0, '127.0.0.1', () => process.send(`http://127.0.0.1:${server.address().port}`));
