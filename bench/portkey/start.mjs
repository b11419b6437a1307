// Starts @portkey-ai/gateway, installed in the folder that is the first argument, on a free port of this machine, and writes its URL to standard error as bursar-bench wants
// it. Ends when standard input does.
import { createServer, connect } from 'node:net';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const folder = process.argv[2];
const free = createServer();
await new Promise((resolve) => free.listen(0, '127.0.0.1', resolve));
const { port } = free.address();
await new Promise((resolve) => free.close(resolve));

const start = createRequire(join(folder, 'package.json')).resolve('@portkey-ai/gateway/build/start-server.js');
process.argv = [process.argv[0], start, `--port=${port}`, '--headless'];
process.stdin.on('end', () => process.exit(0)).resume();
process.on('SIGINT', () => process.exit(0));
await import(pathToFileURL(start));

const answers = () =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket.destroy() && true)).on('error', () => resolve(false));
  });
while (!(await answers())) await new Promise((resolve) => setTimeout(resolve, 20));
process.stderr.write(JSON.stringify({ url: `http://127.0.0.1:${port}` }) + '\n');
