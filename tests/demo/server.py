# SPDX-License-Identifier: GPL-2.0-only
"""The web server of the demo: server.py ADDRESS FILE.

GET / says who asked, GET /file sends FILE, PUT takes a body and answers with its SHA-256.
"""

import hashlib
import http.server
import shutil
import sys

ADDRESS, FILE = sys.argv[1:]


class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self, length):
        self.send_response(200)
        self.send_header("Content-Length", str(length))
        self.end_headers()

    def do_GET(self):
        if self.path == "/file":
            with open(FILE, "rb") as file:
                self.answer(file.seek(0, 2))
                file.seek(0)
                shutil.copyfileobj(file, self.wfile, 1 << 20)
        else:
            text = f"{self.client_address[0]}\n".encode()
            self.answer(len(text))
            self.wfile.write(text)

    def do_PUT(self):
        left = int(self.headers["Content-Length"])
        digest = hashlib.sha256()
        while left:
            block = self.rfile.read(min(left, 1 << 20))
            if not block:
                return
            digest.update(block)
            left -= len(block)
        text = f"{digest.hexdigest()}\n".encode()
        self.answer(len(text))
        self.wfile.write(text)


http.server.ThreadingHTTPServer((ADDRESS, 80), Handler).serve_forever()
