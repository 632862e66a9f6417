"""Time-based one-time passwords (RFC 6238): six digits, thirty seconds, HMAC-SHA-1."""

import base64
import hashlib
import hmac
import struct
import time

_used = {}


def code(secret, step):
    """The code of one step."""
    key = base64.b32decode(secret.upper() + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", step), hashlib.sha1).digest()
    offset = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[offset:offset + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def fresh(secret):
    """A code that was not given out before: the server refuses a repeated one, so this waits for the next step."""
    while (step := int(time.time() // 30)) <= _used.get(secret, -1):
        time.sleep(0.5)
    if time.time() % 30 > 28:
        time.sleep(2.2)
        step = int(time.time() // 30)
    _used[secret] = step
    return code(secret, step)
