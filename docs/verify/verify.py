import base64
import hashlib
import hmac
import sys
import time


def verify(secret: str, webhook_id: str, timestamp: str, signature: str, body: bytes) -> bool:
    """Whether a request is from Posthorn. `body`: the bytes as they came, before any JSON parser."""
    if not (timestamp.isascii() and timestamp.isdigit()) or abs(time.time() - int(timestamp)) > 300:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    content = f"{webhook_id}.{timestamp}.".encode() + body
    expected = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    return any(
        entry.startswith("v1,") and hmac.compare_digest(entry[3:].encode(), expected.encode())
        for entry in signature.split(" ")
    )


# To try it: python3 verify.py <secret> <id> <timestamp> <signature> < body
if __name__ == "__main__":
    sys.exit(0 if verify(*sys.argv[1:5], sys.stdin.buffer.read()) else 1)
