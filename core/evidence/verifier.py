"""核验信保存证包。只需 Python 3.9 或以上版本，不需联网，不需安装其他软件。
Verify an evidence pack of Xinbao. Needs Python 3.9 or newer and nothing else.

    python3 verify.py                              (在解压后的目录中 inside the unpacked pack)
    python3 verify.py PACK.zip [--key PUBLIC_KEY]

逐项重算哈希与签名。程序不知道公钥属于谁：请与保险公司公布的公钥核对，或用 --key 给出。
It recomputes every hash and signature. What it cannot know is whose key it is: compare the key that
it prints with the one that the insurer publishes, or give that one with --key.
"""

import hashlib
import json
import os
import struct
import sys
import zipfile
from pathlib import Path

# Ed25519 after RFC 8032, verification only

P = 2**255 - 19
Q = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def _point(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


def _add(p, q):
    a = (p[1] - p[0]) * (q[1] - q[0]) % P
    b = (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(number, point):
    total = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = _add(total, point)
        point, number = _add(point, point), number >> 1
    return total


BASE = _point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def is_signed(data, signature, key):
    """Tell whether the Ed25519 signature over the data is of this public key (all but data hex)."""
    raw, public = bytes.fromhex(signature), bytes.fromhex(key)
    if len(raw) != 64 or len(public) != 32:
        return False
    a, r, s = _point(public), _point(raw[:32]), int.from_bytes(raw[32:], "little")
    if a is None or r is None or s >= Q:
        return False
    h = int.from_bytes(hashlib.sha512(raw[:32] + public + data).digest(), "little") % Q
    left, right = _times(s, BASE), _add(r, _times(h, a))
    return not (
        (left[0] * right[2] - right[0] * left[2]) % P
        or (left[1] * right[2] - right[1] * left[2]) % P
    )


# Hashes


def _rotate(x, n):
    n %= 32
    return (x << n | x >> (32 - n)) & 0xFFFFFFFF


def sm3(data):
    """Return the SM3 hash (GB/T 32905), hex."""
    v = [0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600,
         0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E]  # fmt: skip
    padded = data + b"\x80" + bytes((55 - len(data)) % 64) + struct.pack(">Q", len(data) * 8)
    for start in range(0, len(padded), 64):
        w = list(struct.unpack(">16I", padded[start : start + 64]))
        for j in range(16, 68):
            x = w[j - 16] ^ w[j - 9] ^ _rotate(w[j - 3], 15)
            w.append(x ^ _rotate(x, 15) ^ _rotate(x, 23) ^ _rotate(w[j - 13], 7) ^ w[j - 6])
        a, b, c, d, e, f, g, h = v
        for j in range(64):
            t = 0x79CC4519 if j < 16 else 0x7A879D8A
            ss1 = _rotate((_rotate(a, 12) + e + _rotate(t, j)) & 0xFFFFFFFF, 7)
            ff = a ^ b ^ c if j < 16 else a & b | a & c | b & c
            gg = e ^ f ^ g if j < 16 else e & f | ~e & g
            tt1 = (ff + d + (ss1 ^ _rotate(a, 12)) + (w[j] ^ w[j + 4])) & 0xFFFFFFFF
            tt2 = (gg + h + ss1 + w[j]) & 0xFFFFFFFF
            d, c, b, a = c, _rotate(b, 9), a, tt1
            h, g, f = g, _rotate(f, 19), e
            e = tt2 ^ _rotate(tt2, 9) ^ _rotate(tt2, 17)
        v = [x ^ y for x, y in zip(v, (a, b, c, d, e, f, g, h))]  # noqa: B905 (3.9)
    return struct.pack(">8I", *v).hex()


def digest(data, algorithm="sha256"):
    """Return the hash of the data, hex."""
    if algorithm == "sha256":
        return hashlib.sha256(data).hexdigest()
    if algorithm == "sm3":
        return sm3(data)
    raise ValueError("unknown hash " + str(algorithm))


def canonical(value):
    """Return the one text of a value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


# The pack


class Pack:
    """The files of a pack: a zip, or the folder into which it was unpacked."""

    def __init__(self, path):
        self.path = Path(path)
        self.zip = None if self.path.is_dir() else zipfile.ZipFile(self.path)

    def names(self):
        """Return the names of all files, sorted."""
        if self.zip:
            return sorted(self.zip.namelist())
        found = (each for each in self.path.rglob("*") if each.is_file())
        return sorted(each.relative_to(self.path).as_posix() for each in found)

    def read(self, name):
        """Return a file's bytes."""
        return self.zip.read(name) if self.zip else (self.path / name).read_bytes()

    def json(self, name):
        """Return what a file says."""
        return json.loads(self.read(name).decode())


class Findings:
    """What was checked, and what is wrong."""

    def __init__(self):
        self.lines, self.is_good, self.bad_lines, self.key = [], True, [], ""

    def good(self, words):
        """Note what holds."""
        self.lines.append("OK   " + words)

    def bad(self, name, why):
        """Note what does not hold, by name."""
        self.is_good = False
        self.bad_lines.append("BAD  " + name + ": " + why)
        self.lines.append(self.bad_lines[-1])


def verify(path, key=None):
    """Check a pack; return the lines to print and whether everything holds."""
    found = examine(path, key)
    return found.lines, found.is_good


def examine(path, key=None):
    """Check a pack; return what was found."""
    found = Findings()
    try:
        pack = Pack(path)
        keys = _check_manifest(pack, found, key)
        heads = _check_heads(pack, found, keys)
        sealed = _check_records(pack, found, heads)
        _check_artefacts(pack, found, sealed)
    except (KeyError, ValueError, OSError, TypeError, zipfile.BadZipFile) as wrong:
        found.bad(str(path), f"无法按存证包读取 cannot be read as an evidence pack ({wrong!r})")
    return found


def _check_manifest(pack, found, key):
    raw = pack.read("manifest.json")
    manifest, seal = json.loads(raw.decode()), pack.json("manifest.sig")
    keys = pack.json("keys.json")
    mine = keys.get(seal["key_id"], "")
    found.key = mine
    found.lines.append(f"     {manifest['code']}  {manifest['title']}")
    if key and key.lower() != mine:
        found.bad(
            "keys.json",
            "签名公钥与给出的不同 the pack is signed by another key than the one given",
        )
    if is_signed(raw, seal["signature"], mine):
        found.good(f"manifest.json 清单签名有效 is signed by key {seal['key_id']} = {mine}")
    else:
        found.bad(
            "manifest.json",
            "签名不符：清单已被改动 the signature does not fit: the list of files was changed",
        )
    present = set(pack.names()) - {"manifest.json", "manifest.sig"}
    if not pack.zip:
        present = {
            each for each in present if not each.endswith(".zip") and "__pycache__" not in each
        }
    for name in sorted(present - set(manifest["files"])):
        found.bad(name, "不在清单中 not in the manifest")
    for name, said in sorted(manifest["files"].items()):
        if name not in present:
            found.bad(name, "缺失 missing")
            continue
        data = pack.read(name)
        if len(data) != said["size"] or digest(data) != said["sha256"]:
            found.bad(
                name, "已被改动：与清单哈希不符 changed: its hash is not the one in the manifest"
            )
        else:
            found.good(name)
    return keys


def _check_heads(pack, found, keys):
    heads = {}
    for head in pack.json("heads.json"):
        says = json.loads(head["statement"])
        name = f"签名链头 signed head {says['serial']}"
        if is_signed(head["statement"].encode(), head["signature"], keys.get(head["key_id"], "")):
            stretch = f"序号 numbers {says['first_number']} to {says['last_number']}"
            found.good(f"{name} of {says['made_at']}: {stretch}")
            heads[says["serial"]] = says
        else:
            found.bad(name, "签名不符 the signature does not fit")
    return heads


def _check_records(pack, found, heads):
    sealed, number_of, code = None, 0, pack.json("manifest.json")["code"]
    records = pack.json("records.json")
    for record in records:
        link, content = record["link"], record["content"]
        name = f"记录 record {link['number']} ({content['action']})"
        why = _why_bad(record, heads)
        if why:
            found.bad(name, why)
            continue
        number_of += 1
        if content["action"] == "core.evidence_sealed" and content["detail"]["code"] == code:
            sealed = content["detail"]["artefacts"]
    if number_of == len(records):
        found.good(
            f"{number_of} 条记录均可追溯到签名链头 {number_of} records lead to the signed heads"
        )
    return sealed


def _why_bad(record, heads):
    link = record["link"]
    algorithm = link["algorithm"]
    if digest(canonical(record["content"]), algorithm) != link["digest"]:
        return "内容已被改动 the content was changed"
    text = "\n".join(str(each) for each in (
        "xinbao-link-1", record["content"]["stream"], link["number"], link["previous"],
        link["record_id"], link["recorded_at"], link["transaction"], algorithm, link["digest"],
    ))  # fmt: skip
    if digest(text.encode(), algorithm) != link["hash"]:
        return "链上位置已被改动 its place in the chain was changed"
    head = heads.get(record["head"])
    if head is None:
        return "没有覆盖它的签名链头 there is no signed head over it"
    node = bytes.fromhex(digest(b"\x00" + bytes.fromhex(link["hash"])))
    for side, sibling in record["proof"]:
        other = bytes.fromhex(sibling)
        node = bytes.fromhex(digest(b"\x01" + (other + node if side == "left" else node + other)))
    if node.hex() == head["root"]:
        return ""
    return "不能追溯到链头的根 it does not lead to the root of its head"


def _check_artefacts(pack, found, sealed):
    names = [each for each in pack.names() if each.startswith("artefacts/")]
    if sealed is None:
        found.bad("records.json", "没有封存文件的记录 no record seals the artefacts")
        return
    for name in sorted(set(names) | set(sealed)):
        if name not in names:
            found.bad(name, "已在链中封存，但此处缺失 sealed in the chain, but missing here")
        elif digest(pack.read(name)) != sealed.get(name):
            found.bad(
                name,
                "已被改动：与链中封存的哈希不符 "
                "changed: its hash is not the one that was sealed in the chain",
            )
    if not [each for each in names if digest(pack.read(each)) != sealed.get(each)]:
        found.good(
            f"{len(names)} 个文件与链中封存的一致 "
            f"{len(names)} artefacts are those whose hashes were sealed in the chain"
        )


def main(arguments):
    """Print what was found; 0 where everything holds, 1 where not, 2 for a wrong call."""
    key = None
    if "--key" in arguments:
        place = arguments.index("--key")
        if place + 1 >= len(arguments):
            sys.stderr.write(__doc__)
            return 2
        key = arguments[place + 1]
        arguments = arguments[:place] + arguments[place + 2 :]
    if len(arguments) > 1 or [each for each in arguments if each.startswith("-")]:
        sys.stderr.write(__doc__)
        return 2
    found = examine(arguments[0] if arguments else Path(__file__).parent, key)
    _print(_report(found, key))
    if os.name == "nt" and not arguments and sys.stdin and sys.stdin.isatty():
        input("按回车键关闭 Press Enter to close")  # whoever double-clicked it reads it first
    return 0 if found.is_good else 1


def _report(found, key):
    lines = list(found.lines)
    if found.bad_lines:
        lines += ["", f"共 {len(found.bad_lines)} 处不符 {len(found.bad_lines)} do not hold:"]
        lines += found.bad_lines
    elif not key:
        lines += [
            "",
            "请与保险公司公布的公钥核对 Compare this key with the one that the insurer publishes:",
            "     " + found.key,
        ]
    return [*lines, "VERIFIED 核验通过" if found.is_good else "NOT VERIFIED 核验不通过"]


def _print(lines):
    text = "\n".join(lines) + "\n"
    if sys.stdout.isatty():
        sys.stdout.write(text)  # a console knows its own encoding
    else:
        sys.stdout.buffer.write(text.encode())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
