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


@intrinsic(prefer_literal=True)
def add_product(
    typing: Any, into: Any, to: Any, source: Any, at: Any, factors: Any, which: Any, lanes: Any, tangents: Any
) -> Any:
    """Do ``into[to] += source[at] * factors[which]`` on rows; with `tangents`, by the product rule."""
    del typing
    signature = types.void(into, types.intp, source, types.intp, factors, types.intp, lanes, tangents)
    count, by_rule = lanes.literal_value, bool(tangents.literal_value)

    def codegen(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        kinds = signature.args
        target = _row(context, builder, (kinds[0], given[0]), given[1], count)
        x = builder.load(_row(context, builder, (kinds[2], given[2]), given[3], count), align=BYTES)
        g = builder.load(_row(context, builder, (kinds[4], given[4]), given[5], count), align=BYTES)
        if by_rule:
            zero = ir.Constant(DOUBLE, 0.0)
            tangent = builder.insert_element(g, zero, ir.Constant(ir.IntType(32), 0))
            product = builder.fadd(
                builder.fmul(x, _splat(builder, g, count)),
                builder.fmul(_splat(builder, x, count), tangent),
            )
        else:
            product = builder.fmul(x, g)
        builder.store(builder.fadd(builder.load(target, align=BYTES), product), target, align=BYTES)
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
