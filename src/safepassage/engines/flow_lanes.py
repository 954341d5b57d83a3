"""Rows of numbers that move as one vector: lanes of members, or a value with its tangents.

A row has a fixed number of lanes, known when the kernel is compiled, and becomes one LLVM vector, which LLVM
splits into the registers of the machine. Products are rounded before they are added, on every machine and for
every number of lanes alike, so a lane has the same bits whatever stands beside it.

A row of tangents is (value, derivative by the first parameter, by the second …).
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.core import cgutils as untyped_cgutils
from numba.extending import intrinsic

cgutils: Any = untyped_cgutils
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
    return builder.call(fuse, [_splat(builder, x, lanes), slope, builder.fmul(x, _splat(builder, g, lanes))])


def _gather(typing: Any, ring: Any, part: Any, legs: Any, moves: Any, lanes: Any) -> Any:
    """Add to one row of `ring` the sum of others times rows of `moves`.

    Called as ``gather(ring, (to, base, begin, end), legs, moves, lanes)`` it does
    ``ring[to] += ring[base + legs[k, 0]] * moves[legs[k, 1]]`` for k from begin to end, in this order. A
    negative number of lanes says that rows are tangents: products are then taken by the product rule.
    """
    del typing
    signature = types.void(ring, part, legs, moves, lanes)
    count, tangents = abs(lanes.literal_value), lanes.literal_value < 0

    def codegen(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        kinds = signature.args
        to, base, begin, end = cgutils.unpack_tuple(builder, given[1], 4)
        pairs = context.make_array(kinds[2])(context, builder, value=given[2]).data
        target = _row(context, builder, (kinds[0], given[0]), to, count)
        total = cgutils.alloca_once(builder, ir.VectorType(DOUBLE, count))
        builder.store(builder.load(target, align=BYTES), total)
        one, two = (ir.Constant(begin.type, number) for number in (1, 2))
        with cgutils.for_range_slice(builder, begin, end, one, inc=True) as (k, _):
            first = builder.mul(k, two)
            source, chance = (
                builder.sext(builder.load(builder.gep(pairs, [at])), begin.type)
                for at in (first, builder.add(first, one))
            )
            here = _row(context, builder, (kinds[0], given[0]), builder.add(base, source), count)
            factor = _row(context, builder, (kinds[3], given[3]), chance, count)
            x, g = builder.load(here, align=BYTES), builder.load(factor, align=BYTES)
            product = _product(builder, x, g, count, tangents)
            builder.store(builder.fadd(builder.load(total), product), total)
        builder.store(builder.load(total), target, align=BYTES)
        return context.get_dummy_value()

    return signature, codegen


gather: Any = intrinsic(prefer_literal=True)(_gather)
