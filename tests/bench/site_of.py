"""site_of.py - a TLS server on loopback that this system's bundle of certificates trusts, within a mount namespace."""
import contextlib
import os
import shutil
import subprocess
import tempfile

from harness import free_port, need, process, wait_port

CONFIG = """{user}
worker_processes 1; pid {path}/pid; error_log /dev/null; daemon off; events {{ worker_connections 512; }}
http {{ access_log off; client_body_temp_path {path}/t; proxy_temp_path {path}/t; fastcgi_temp_path {path}/t; uwsgi_temp_path {path}/t;
scgi_temp_path {path}/t; server {{ listen 127.0.0.1:{port} ssl; server_name localhost; ssl_certificate {path}/www.pem;
ssl_certificate_key {path}/www.key; ssl_session_cache off; ssl_protocols TLSv1.2 TLSv1.3; location / {{ return 200 "ok\\n"; }} }} }}
"""


def openssl(path, *args):
    subprocess.run(["openssl", *args], check=True, capture_output=True, cwd=path)


@contextlib.contextmanager
def trusted(bundle):
    """Yields the command that runs another where `bundle` holds the authority too, and the URL."""
    need("nginx", "openssl", "unshare", "mount")
    path, port = tempfile.mkdtemp(prefix="sounder-bench-"), free_port()
    try:
        os.chmod(path, 0o755)
        key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        openssl(path, "req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Bench authority", "-days", "30")
        openssl(path, "req", *key, "-keyout", "www.key", "-out", "www.csr", "-subj", "/CN=localhost")
        with open(f"{path}/ext", "w") as f:
            f.write("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
        openssl(path, "x509", "-req", "-in", "www.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-out", "www.pem", "-days", "20",
                "-extfile", "ext")
        with open(f"{path}/bundle", "wb") as f:
            f.write(open(bundle, "rb").read() + open(f"{path}/ca.pem", "rb").read())
        with open(f"{path}/conf", "w") as f:
            f.write(CONFIG.format(path=path, port=port, user="user root;" if os.geteuid() == 0 else ""))
        nginx = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin")
        with process(nginx, "-p", path, "-c", f"{path}/conf", "-e", "/dev/null"):
            wait_port(port)
            script = f'mount --bind {path}/bundle {bundle} && exec "$@"'
            yield ["unshare", *([] if os.geteuid() == 0 else ["-Ur"]), "-m", "sh", "-c", script, "-"], f"https://127.0.0.1:{port}/"
    finally:
        shutil.rmtree(path, ignore_errors=True)
