"""An HTTP proxy that takes CONNECT, and behind it the TLS of the host that was asked for; or that TLS at once.

    python tls_proxy.py CERTIFICATE KEY SERVICE_PORT USER:PASSWORD

It prints the port it listens on, then one line for every CONNECT. Whatever host is asked for, it speaks TLS by the
certificate and hands the rest to 127.0.0.1:SERVICE_PORT.
"""

import base64
import socket
import ssl
import sys
import threading

certificate, key, service_port, account = sys.argv[1:]
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)
expected = b"Basic " + base64.b64encode(account.encode())


def copy(source, sink):
    try:
        while data := source.recv(65536):
            sink.sendall(data)
    except OSError:
        pass
    for end in (source, sink):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def serve(client):
    if client.recv(1, socket.MSG_PEEK) == b"\x16":  # a TLS record: no proxy is meant
        return serve_tls(client)
    head = b""
    while b"\r\n\r\n" not in head:
        data = client.recv(65536)
        if not data:
            return client.close()
        head += data
    request, *fields = head.split(b"\r\n")
    given = [field.split(b": ", 1)[1] for field in fields if field.lower().startswith(b"proxy-authorization: ")]
    allowed = given == [expected]
    print(request.decode(), "allowed" if allowed else "refused", "secret" if b"signature" in head.lower() else "", flush=True)
    if not allowed:
        client.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
        return client.close()
    client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
    serve_tls(client)


def serve_tls(client):
    try:
        inside = context.wrap_socket(client, server_side=True)
    except (ssl.SSLError, OSError):
        return client.close()
    service = socket.create_connection(("127.0.0.1", int(service_port)))
    threading.Thread(target=copy, args=(service, inside), daemon=True).start()
    copy(inside, service)


listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
while True:
    connection, _ = listener.accept()
    threading.Thread(target=serve, args=(connection,), daemon=True).start()
