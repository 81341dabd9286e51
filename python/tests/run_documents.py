"""Runs the Python of a document as a reader would, in one session: the cells of a notebook, or the ```python blocks of a page.

run_documents.py FILE...    one session a file, in the working folder; 77 where every file needed a module that is not here
"""

import json
import re
import subprocess
import sys
from pathlib import Path


def code_of(path):
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        cells = [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
        # The value of a cell's last line is shown, as a notebook shows it.
        return ["".join(cell["source"]) for cell in cells], True
    return re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL), False


def shown(value):
    if value is not None:
        getattr(value, "_repr_html_", value.__repr__)()
        print(repr(value)[:400])


def run(path):
    import ast

    blocks, is_notebook = code_of(path)
    assert blocks, f"{path}: found no Python"
    session = {"__name__": "__main__"}
    for number, block in enumerate(blocks, 1):
        tree = ast.parse(block, f"{path.name}, block {number}")
        last = tree.body.pop() if is_notebook and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, f"{path.name}, block {number}", "exec"), session)
        if last is not None:
            shown(eval(compile(ast.Expression(last.value), f"{path.name}, block {number}", "eval"), session))


if __name__ == "__main__":
    if sys.argv[1] == "--one":
        try:
            run(Path(sys.argv[2]))
        except ModuleNotFoundError as e:
            print(f"not run: {sys.argv[2]}: {e}")
            sys.exit(77)
        sys.exit()
    codes = [subprocess.run([sys.executable, __file__, "--one", file], check=False).returncode for file in sys.argv[1:]]
    print(", ".join(f"{Path(file).name}: {'ok' if code == 0 else code}" for file, code in zip(sys.argv[1:], codes)))
    sys.exit(next((code for code in codes if code not in (0, 77)), 77 if set(codes) == {77} else 0))
