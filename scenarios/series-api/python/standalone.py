"""The API in one process with a thread for each connection, of what comes with Python alone."""
import http.server

from api import Refused


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    api = None

    def do_GET(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        try:
            status, text = 200, self.api.answer(self.command, self.path)
        except Refused as refused:
            status, text = refused.status, str(refused)
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_PUT = do_DELETE = do_GET

    def log_message(self, *_):
        pass


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64


def serve(api, port):
    _Handler.api = api
    _Server(("127.0.0.1", port), _Handler).serve_forever()
