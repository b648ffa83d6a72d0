#!/usr/bin/env python3
"""Uses services as programs would, each by the address that its variable holds, and prints what came of it.

clients.py NAME...: each of the names is a function below.
"""

import json
import os
import smtplib
import socket
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request

LIMIT = 10  # Seconds.


def url(name):
    return urllib.parse.urlsplit(os.environ[name])


def unquoted(text):
    return urllib.parse.unquote(text or "")


def page(address, data=None):
    """The body; a user in the address becomes a login."""
    parts = urllib.parse.urlsplit(address)
    request = urllib.request.Request(parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl(), data)
    opener = urllib.request.build_opener()
    if parts.username:
        import base64

        words = f"{unquoted(parts.username)}:{unquoted(parts.password)}"
        request.add_header("Authorization", "Basic " + base64.b64encode(words.encode()).decode())
    with opener.open(request, timeout=LIMIT) as answer:
        return answer.read().decode()


def lines(address, sent, count):
    with socket.create_connection((address.hostname, address.port), LIMIT) as link:
        link.sendall(sent)
        file = link.makefile("rb")
        return [file.readline().decode().strip() for _ in range(count)]


def memcached():
    return lines(url("MEMCACHED_URL"), b"set k 0 0 5\r\nvalue\r\nget k\r\n", 4)[2]


def valkey():
    address = url("VALKEY_URL")
    password = unquoted(address.password).encode()
    sent = b"*2\r\n$4\r\nAUTH\r\n$%d\r\n%s\r\nSET k value\r\nGET k\r\nINFO server\r\n" % (len(password), password)
    told = lines(address, sent, 8)
    return " ".join([*told[:4], next((line for line in told if "server_name" in line), "")]).strip()


def mariadb(prefix="MARIADB_URL"):
    """Each of the databases, by the client of the lab's image and the published port."""
    found = []
    for name in [name for name in sorted(os.environ) if name.startswith(prefix)]:
        address = url(name)
        command = ["docker", "run", "--rm", "--network", "host", "-e", "MYSQL_PWD", "--entrypoint", "mariadb"]
        command += ["devinit-lab/mariadb:10", "--host", address.hostname, "--port", str(address.port)]
        command += ["--user", unquoted(address.username), "--batch", "--skip-column-names"]
        command += ["--execute", "create table if not exists t (n int); insert into t values (1); select database()"]
        command += [unquoted(address.path[1:])]
        environment = {**os.environ, "MYSQL_PWD": unquoted(address.password)}
        found.append(subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout.strip())
    return ", ".join(found)


def mysql():
    return mariadb("MYSQL_URL")


def nats():
    sent = b'CONNECT {"verbose":false}\r\nSUB made 1\r\nPUB made 5\r\nhello\r\nPING\r\n'
    told = lines(url("NATS_URL"), sent, 4)
    info = json.loads(told[0].removeprefix("INFO "))
    healthy = json.loads(page(os.environ["NATS_MONITOR_URL"] + "/healthz"))["status"]
    return f"{told[1]} {told[2]}, jetstream {info['jetstream']}, {healthy}"


def prometheus():
    return json.loads(page(os.environ["PROMETHEUS_URL"] + "/api/v1/query?query=vector(42)"))["data"]["result"][0]["value"][1]


def adminer():
    text = page(os.environ["ADMINER_URL"])
    server = text.partition('name="auth[server]" value="')[2].partition('"')[0]
    return f"{'Adminer' in text} {server}"


def mailpit():
    address = url("SMTP_URL")
    with smtplib.SMTP(address.hostname, address.port, timeout=LIMIT) as smtp:
        smtp.sendmail("a@example.test", ["b@example.test"], "Subject: hello\r\nTo: b@example.test\r\n\r\ntext")
    return json.loads(page(os.environ["MAIL_PAGE"] + "/api/v1/messages"))["messages"][0]["Subject"]


def clickhouse():
    """Each database by HTTP, whose address has the database as its path."""
    found = []
    for name in [name for name in sorted(os.environ) if name.startswith("CLICKHOUSE_URL")]:
        address = url(name)
        database = urllib.parse.quote(unquoted(address.path[1:]))
        target = address._replace(path="/", query=f"database={database}").geturl()
        found.append(page(target, b"select currentDatabase()").strip())
    return ", ".join(found)


def nginx():
    return page(os.environ["PAGE_URL"]).strip()


def postgres():
    """Each of the databases, by psql."""
    names = [name for name in sorted(os.environ) if name.startswith("POSTGRES_URL")]
    run = lambda name: subprocess.run(  # noqa: E731
        ["psql", "-XAtqc", "select current_database()", os.environ[name]], check=True, capture_output=True, text=True)
    return ", ".join(run(name).stdout.strip() for name in names)


def rabbitmq():
    """Each virtual host, opened by AMQP (0-9-1): the server says open-ok, or which one it has not."""
    found = []
    for name in [name for name in sorted(os.environ) if name.startswith("AMQP_URL")]:
        address = url(name)
        host = unquoted(address.path[1:]).encode()
        login = b"\0%s\0%s" % (unquoted(address.username).encode(), unquoted(address.password).encode())
        with socket.create_connection((address.hostname, address.port), LIMIT) as link:
            file = link.makefile("rb")

            def heard():
                head = file.read(7)
                body = file.read(int.from_bytes(head[3:], "big") + 1)
                return int.from_bytes(body[:2], "big"), int.from_bytes(body[2:4], "big"), body

            def say(body):
                link.sendall(b"\x01\0\0" + len(body).to_bytes(4, "big") + body + b"\xce")

            link.sendall(b"AMQP\0\0\x09\x01")
            heard()
            say(b"\0\x0a\0\x0b\0\0\0\0\x05PLAIN" + len(login).to_bytes(4, "big") + login + b"\x05en_US")
            _, _, tune = heard()
            say(b"\0\x0a\0\x1f" + tune[4:12])
            say(b"\0\x0a\0\x28" + bytes([len(host)]) + host + b"\0\0")
            kind, method, body = heard()
            found.append(host.decode() if (kind, method) == (10, 41) else f"{host.decode()}: {body!r}")
    return ", ".join(found)


for word in sys.argv[1:]:
    try:
        print(f"{word}: {globals()[word]()}")
    except (OSError, subprocess.CalledProcessError, urllib.error.URLError) as error:
        print(f"{word}: {error} {getattr(error, 'stderr', '')}")
