"""Rows of numbers that are moved as one vector: lanes of members, or a value with its tangents.

A row has a fixed number of lanes, known when the kernel is compiled, and becomes one LLVM vector, which LLVM
splits into the registers of the machine. Products are rounded before they are added, on every machine and for
every number of lanes alike, so a lane has the same bits whatever stands beside it.

A row of tangents is (value, derivative by the first parameter, by the second …).
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

DOUBLE = ir.DoubleType()
BYTES = 8


def _row(context: Any, builder: Any, array: tuple[Any, Any], index: Any, lanes: int) -> Any:
    """Point at one row of a contiguous array whose last axis has `lanes` entries."""
    kind, value = array
    data = context.make_array(kind)(context, builder, value=value).data
    at = builder.mul(index, ir.Constant(index.type, lanes))
    return builder.bitcast(builder.gep(data, [at]), ir.VectorType(DOUBLE, lanes).as_pointer())


def _splat(builder: Any, vector: Any, lanes: int) -> Any:
    """Copy the first lane into all of them."""
    mask = ir.Constant(ir.VectorType(ir.IntType(32), lanes), [0] * lanes)
    return builder.shuffle_vector(vector, vector, mask)


def _product(builder: Any, x: Any, g: Any, lanes: int, tangents: bool) -> Any:
    if not tangents:
        return builder.fmul(x, g)
    zero = ir.Constant(DOUBLE, 0.0)
    slope = builder.insert_element(g, zero, ir.Constant(ir.IntType(32), 0))
    # Fused where the machine can; the value itself gains exactly nothing by it, its own slope being zero.
    rows = ir.VectorType(DOUBLE, lanes)
    kind, name = ir.FunctionType(rows, [rows] * 3), f"llvm.fmuladd.v{lanes}f64"
    fuse = cgutils.get_or_insert_function(builder.module, kind, name)
    return builder.call(
        fuse, [_splat(builder, x, lanes), slope, builder.fmul(x, _splat(builder, g, lanes))]
    )


@intrinsic(prefer_literal=True)
def gather(typing: Any, ring: Any, place: Any, sources: Any, factors: Any, moves: Any, lanes: Any, tangents: Any) -> Any:
    """Add to one row of `ring` the sum of others times rows of `moves`; with `tangents`, by the product rule.

    Called as ``gather(ring, (to, base, begin, end), source, factor, moves, lanes, tangents)`` it does
    ``ring[to] += ring[base + source[k]] * moves[factor[k]]`` for k from begin to end, in this order.
    """
    del typing
    signature = types.void(ring, place, sources, factors, moves, lanes, tangents)
    count, by_rule = lanes.literal_value, bool(tangents.literal_value)

    def codegen(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        kinds = signature.args
        to, base, begin, end = cgutils.unpack_tuple(builder, given[1], 4)
        index = {}
        for at in (2, 3):
            index[at] = context.make_array(kinds[at])(context, builder, value=given[at]).data
        target = _row(context, builder, (kinds[0], given[0]), to, count)
        total = cgutils.alloca_once(builder, ir.VectorType(DOUBLE, count))
        builder.store(builder.load(target, align=BYTES), total)
        with cgutils.for_range_slice(builder, begin, end, ir.Constant(begin.type, 1), inc=True) as (k, _):
            source, factor = (
                builder.sext(builder.load(builder.gep(index[at], [k])), begin.type) for at in (2, 3)
            )
            here = _row(context, builder, (kinds[0], given[0]), builder.add(base, source), count)
            chance = _row(context, builder, (kinds[4], given[4]), factor, count)
            x, g = builder.load(here, align=BYTES), builder.load(chance, align=BYTES)
            builder.store(builder.fadd(builder.load(total), _product(builder, x, g, count, by_rule)), total)
        builder.store(builder.load(total), target, align=BYTES)
        return context.get_dummy_value()

    return signature, codegen


@intrinsic(prefer_literal=True)
def add_row(typing: Any, into: Any, to: Any, source: Any, at: Any, lanes: Any) -> Any:
    """Do ``into[to] += source[at]`` on rows."""
    del typing
    signature = types.void(into, types.intp, source, types.intp, lanes)
    count = lanes.literal_value

    def codegen(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        kinds = signature.args
        target = _row(context, builder, (kinds[0], given[0]), given[1], count)
        x = builder.load(_row(context, builder, (kinds[2], given[2]), given[3], count), align=BYTES)
        builder.store(builder.fadd(builder.load(target, align=BYTES), x), target, align=BYTES)
        return context.get_dummy_value()

    return signature, codegen
