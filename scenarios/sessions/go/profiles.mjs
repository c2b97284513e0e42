// What the service asks for profiles.
import { createServer } from 'node:http';

createServer((_, response) => response.end('profile '.repeat(1_000))).listen(process.env.PORT, '127.0.0.1');
