"""A spectrum as inline SVG, for notebooks: no JavaScript, nothing loaded."""

from html import escape
from typing import Any

import numpy as np


def plane(eigenvalues: np.ndarray, outliers: np.ndarray, theory: Any, title: str) -> str:
    """The complex plane with eigenvalues, the unit circle and the disc or ring of theory."""
    reach = 1.08 * max(1.0, float(np.abs(eigenvalues).max(initial=0)))
    marked = {complex(value) for value in outliers}
    size = 260

    def at(value: complex) -> "tuple[float, float]":
        return size / 2 * (1 + value.real / reach), size / 2 * (1 - value.imag / reach)

    def circle(radius: float, style: str) -> str:
        return f'<circle cx="{size / 2}" cy="{size / 2}" r="{radius * size / 2 / reach:.2f}" {style}/>'

    parts = [circle(1, 'fill="none" stroke="#999" stroke-dasharray="4 3"')]
    if theory is not None:
        parts += [circle(radius, 'fill="none" stroke="#0072b2"') for radius in (theory.outer_radius, theory.inner_radius) if radius]
    for value in eigenvalues:
        x, y = at(complex(value))
        color = "#d55e00" if complex(value) in marked else "#333"
        parts.append(f'<circle cx="{x:.2f}" cy="{y:.2f}" r="2" fill="{color}"/>')
    return (f'<figure style="margin:0"><svg width="{size}" height="{size}" viewBox="0 0 {size} {size}" role="img" '
            f'aria-label="{escape(title)}" style="background:#fff">{"".join(parts)}</svg><figcaption>{escape(title)}</figcaption></figure>')
