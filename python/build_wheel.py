"""Makes the wheel: the package, and the C library and the program of the sweeps as its data. Also the backend of pyproject.toml."""

import base64
import hashlib
import platform
import re
import sys
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
LIBRARY = ROOT / "artifacts" / "libeirnn"


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None, library=LIBRARY):
    """Writes the wheel into a folder and returns its name (PEP 517). The same files give the same bytes."""
    version = re.search(r"<Version>(.*)</Version>", (ROOT / "Directory.Build.props").read_text(encoding="utf-8")).group(1)
    if f'__version__ = "{version}"' not in (HERE / "eirnn" / "__init__.py").read_text(encoding="utf-8"):
        raise SystemExit(f"version: found another one in eirnn/__init__.py, expected {version}; correct it there")
    native = sorted(path for path in Path(library).rglob("*") if path.is_file() and path.suffix != ".h")
    if not any(path.name == "libeirnn.so" for path in native):
        raise SystemExit(f"{library}: found no libeirnn.so, expected the C library; build it: src/EiRnnFast.CAbi/build --sweeps {library}")
    tag = f"py3-none-manylinux_2_36_{platform.machine()}"
    info, name = f"eirnn-{version}.dist-info", f"eirnn-{version}-{tag}.whl"
    about = (HERE / "pyproject.toml").read_text(encoding="utf-8")
    summary = re.search(r'description = "(.*)"', about).group(1)
    files = {f"eirnn/{path.name}": path.read_bytes() for path in sorted((HERE / "eirnn").iterdir()) if path.suffix in (".py", ".typed")}
    files.update({f"eirnn/lib/{path.relative_to(library).as_posix()}": path.read_bytes() for path in native})
    for text in ("LICENSE", "THIRD-PARTY-NOTICES.txt"):
        files[f"{info}/licenses/{text}"] = (ROOT / text).read_bytes()
    files[f"{info}/METADATA"] = (
        f"Metadata-Version: 2.4\nName: eirnn\nVersion: {version}\nSummary: {summary}\nLicense-Expression: MIT\n"
        "License-File: LICENSE\nLicense-File: THIRD-PARTY-NOTICES.txt\nRequires-Python: >=3.9\nRequires-Dist: numpy\n"
        f"Description-Content-Type: text/markdown\n\n{(ROOT / 'docs' / 'python.md').read_text(encoding='utf-8')}").encode()
    files[f"{info}/WHEEL"] = f"Wheel-Version: 1.0\nGenerator: eirnn\nRoot-Is-Purelib: false\nTag: {tag}\n".encode()
    record = "".join(f"{path},sha256={base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b'=').decode()},{len(data)}\n"
                     for path, data in files.items())
    files[f"{info}/RECORD"] = f"{record}{info}/RECORD,,\n".encode()
    with zipfile.ZipFile(Path(wheel_directory) / f".{name}", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as wheel:
        for path, data in files.items():
            entry = zipfile.ZipInfo(path, (2026, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (0o100755 if path.endswith(("eirnn-sweeps", ".so")) else 0o100644) << 16
            wheel.writestr(entry, data)
    (Path(wheel_directory) / f".{name}").replace(Path(wheel_directory) / name)
    return name


def build_sdist(sdist_directory, config_settings=None):
    """There is none: the C library is built from the whole repository."""
    raise SystemExit("sdist: found no source distribution, expected a wheel; build that: python/build --out DIR")


if __name__ == "__main__":
    print(Path(sys.argv[1]) / build_wheel(sys.argv[1], library=Path(sys.argv[2])))
