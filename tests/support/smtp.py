"""An SMTP server for tests: smtp.py DIR STARTTLS_PORT TLS_PORT

aiosmtpd with STARTTLS and implicit TLS; user u1, password "pw", XOAUTH2 token "tok-u1". Each mail taken is DIR/spool/N.eml
(and N.json: envelope). DIR/fates holds one word a line, used up one a mail:
  accept, rcpt451, rcpt550, data451, data554, drop (closes after the dot, mail not taken but kept as DIR/dropped.eml), takedrop (taken, then closes),
  stall (taken, then no answer).
DIR/maildir, if it is there, names a Maildir into which taken mails are delivered as well."""

import asyncio
import base64
import json
import os
import signal
import ssl
import sys

from aiosmtpd.smtp import MISSING, SMTP, AuthResult, LoginPassword

DIR, STARTTLS_PORT, TLS_PORT = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
taken = 0


def path(*parts):
    return os.path.join(DIR, *parts)


def fate(used_up):
    try:
        lines = open(path("fates")).read().split()
    except FileNotFoundError:
        return "accept"
    if used_up:
        with open(path("fates"), "w") as f:
            f.write("\n".join(lines[1:]))
    return lines[0] if lines else "accept"


def authenticate(server, session, envelope, mechanism, data):
    fine = isinstance(data, LoginPassword) and (data.login, data.password) == (b"u1", b"pw")
    return AuthResult(success=fine, handled=False, auth_data=data)


class Server(SMTP):
    async def auth_XOAUTH2(self, _, args):
        words = base64.b64decode(args[1]) if len(args) > 1 else await self.challenge_auth("")
        if words is MISSING:
            return AuthResult(success=False)
        fine = words == b"user=u1\x01auth=Bearer tok-u1\x01\x01"
        if not fine:
            await self.challenge_auth('{"status":"401","schemes":"bearer"}')
        return AuthResult(success=fine, handled=False, auth_data=b"u1")


def write(name, content):
    with open(name + ".tmp", "wb") as f:
        f.write(content)
    os.rename(name + ".tmp", name)


def take(envelope, session):
    global taken
    taken += 1
    about = {"from": envelope.mail_from, "to": envelope.rcpt_tos, "tls": session.ssl is not None,
             "auth": bool(session.authenticated)}
    write(path("spool", f"{taken}.json"), json.dumps(about).encode())
    write(path("spool", f"{taken}.eml"), envelope.original_content)
    if os.path.exists(path("maildir")):
        maildir = open(path("maildir")).read().strip()
        name = f"1795000000.S{taken:06}.test"
        content = f"Return-Path: <{envelope.mail_from}>\r\n".encode() + envelope.original_content
        with open(os.path.join(maildir, "tmp", name), "wb") as f:
            f.write(content)
        os.rename(os.path.join(maildir, "tmp", name), os.path.join(maildir, "new", name))


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        now = fate(False)
        if now == "rcpt451":
            fate(True)
            return "451 4.7.1 greylisted, come back later"
        if now == "rcpt550":
            fate(True)
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        now = fate(True)
        if now == "data451":
            return "451 4.3.0 not now"
        if now == "data554":
            return "554 5.7.1 not this"
        if now == "drop":
            write(path("dropped.eml"), envelope.original_content)
            server.transport.abort()
            return "421 gone"
        take(envelope, session)
        if now == "takedrop":
            server.transport.abort()
            return "421 gone"
        if now == "stall":
            await asyncio.sleep(3600)
        return "250 2.0.0 taken"


async def main():
    os.makedirs(path("spool"), exist_ok=True)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(path("cert.pem"), path("key.pem"))
    loop = asyncio.get_running_loop()

    def server(**more):
        return lambda: Server(Handler(), authenticator=authenticate, auth_required=True, hostname="localhost", loop=loop,
                              data_size_limit=50 << 20, **more)

    await loop.create_server(server(tls_context=context, require_starttls=True), "127.0.0.1", STARTTLS_PORT)
    await loop.create_server(server(auth_require_tls=False), "127.0.0.1", TLS_PORT, ssl=context)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await stop.wait()


asyncio.run(main())
