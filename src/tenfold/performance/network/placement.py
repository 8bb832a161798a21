"""Where a communication group sits: how many of its members share a scale-up domain."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tenfold.quantities import Column


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A group of ``inner × outer`` chips: ``inner`` of them in each scale-up domain, ``outer`` domains."""

    inner: Column
    outer: Column

    @property
    def size(self) -> Column:
        """Chips in the group."""
        return self.inner * self.outer


def group_of(size: Column, stride: Column, domain_chips: Column) -> Group:
    """Group of ``size`` chips whose neighbours are ``stride`` chips apart, in domains of ``domain_chips``.

    Ranks are laid out with the group of stride 1 innermost; a domain then holds domain/stride members.
    """
    inner = np.clip(domain_chips / np.asarray(stride, dtype=float), 1.0, size)
    return Group(inner=inner, outer=size / inner)


def scaleup_share(inner: Column, domain_chips: Column, mesh: Column, torus_dimensions: Column) -> Column:
    """Share of a chip's scale-up bandwidth that a group of ``inner`` members of a domain can use.

    Switched: all of it. Full mesh: only the links to the members, (inner − 1)/(domain − 1). Torus of D axes: the
    axes the group spans, D·log(inner)/log(domain), at least one and at most D, over D.
    """
    spread = np.log(np.maximum(inner, 2.0)) / np.log(np.maximum(domain_chips, 2.0))
    axes = np.maximum(np.asarray(torus_dimensions), 1.0)
    torus = np.clip(axes * spread, 1.0, axes) / axes
    full_mesh = np.clip((inner - 1.0) / np.maximum(domain_chips - 1.0, 1.0), 0.1, 1.0)
    return np.where(np.asarray(torus_dimensions) > 0, torus, np.where(np.asarray(mesh) > 0, full_mesh, 1.0))
