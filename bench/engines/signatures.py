"""Recomputes the signature of each recorded request with botocore, AWS's own code. Prints how many fit; exits 1 if one does not.

Usage: signatures.py <file of recorded requests> <secret access key>
"""

import base64
import json
import sys

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

fit, wrong = 0, []
for line in open(sys.argv[1], encoding="utf8"):
    recorded = json.loads(line)
    raw = recorded["headers"]
    headers = {name.lower(): value for name, value in zip(raw[::2], raw[1::2])}
    parts = dict(part.strip().split("=", 1) for part in headers["authorization"].split(" ", 1)[1].split(","))
    key, _date, region, service, _end = parts["Credential"].split("/")
    signed = parts["SignedHeaders"].split(";")
    request = AWSRequest(
        method=recorded["method"],
        url="http://" + headers["host"] + recorded["path"],
        headers={name: headers[name] for name in signed},
        data=base64.b64decode(recorded["body"]),
    )
    request.context["timestamp"] = headers["x-amz-date"]
    auth = SigV4Auth(Credentials(key, sys.argv[2], headers.get("x-amz-security-token")), service, region)
    expected = auth.signature(auth.string_to_sign(request, auth.canonical_request(request)), request)
    if expected == parts["Signature"]:
        fit += 1
    else:
        wrong.append(headers.get("x-amz-target", recorded["path"]))
print(f"{fit} signatures fit, {len(wrong)} do not {wrong[:5] if wrong else ''}")
sys.exit(1 if wrong or fit == 0 else 0)
