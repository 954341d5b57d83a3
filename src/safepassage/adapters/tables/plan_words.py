"""What the first sheet of the workbook says of a plan, in Spanish and in English."""

from __future__ import annotations

EXPLAINED: dict[str, tuple[str, ...]] = {
    "es": (
        "Un plan propone; la gente decide. Nadie sale porque lo diga una tabla: cada viaje se acepta, "
        "se cambia o se rechaza, y el plan se vuelve a hacer.",
        "viajes_drives: quién sale, con qué vehículo, de dónde a dónde, cuándo, con qué. «Seguro» es la "
        "parte de los futuros en que se necesita ahí toda la carga; un número bajo no quiere decir que "
        "el viaje sobre: nadie sabe todavía por dónde vendrá la gente, y cuando se sepa puede ser "
        "tarde.",
        "cargas_loads: cada artículo de cada viaje, y de quién es.",
        "tablero_board: por noche y localidad lo que se necesita si llegan {threshold} personas o más, "
        "lo que ya está aceptado, lo que se ofrece o propone, lo que falta todavía, y lo que sobra: en "
        "95 de 100 futuros queda por lo menos eso sin usar; no llevar más. «Previsto» es lo que se "
        "espera llevar en días que todavía no se deciden; ahora se deciden {sure_days} días. Solo "
        "noches con al menos 1 % de probabilidad de que lleguen, o a las que se lleva algo; todas están "
        "en board.parquet.",
        "3W: quién hace qué, dónde y cuándo. «En el lugar» es lo que ya está ahí, descontado lo que se "
        "lleva a otra parte.",
        "falta_unmet: qué queda sin cubrir y por qué, y qué cambiaría con un vehículo más o más artículos.",
        "articulos_items: lo que se espera necesitar y que falte de cada artículo. De lo que sirve otra "
        "vez cada noche (lugares, baños) se cuentan unidades por noche.",
        "valor_worth: la necesidad sin cubrir está ponderada: unidades que faltan por el peso del "
        "artículo; lo que falta más allá del {first_share} de una necesidad pesa {rest_factor} veces. "
        "Los pesos son supuestos de planificación: {weights}. Moneda del costo: {currency}.",
        "Supuestos: {load_hours} h para cargar y {hand_out_hours} h para entregar en cada viaje; la "
        "localidad peor servida recibe al menos {fairness} de la mejor parte que todas podrían tener a "
        "la vez; los futuros se resumen en {scenarios} escenarios.",
        "Las celdas vacías no son cero: no se sabe, no se puede decir de tan pocas personas, o pocos "
        "futuros lo respaldan.",
    ),
    "en": (
        "A plan proposes; people decide. Nobody drives because a table says so: each drive is accepted, "
        "changed or refused, and the plan is made again.",
        "viajes_drives: who leaves, with which vehicle, from where to where, when, with what. 'Sure' is "
        "the share of futures in which all of the load is needed there; a low number does not mean that "
        "the drive is not needed: nobody knows yet which way people will come, and once it is known it "
        "may be too late.",
        "cargas_loads: every item of every drive, and whose it is.",
        "tablero_board: by night and town what is needed if {threshold} people or more come, what is "
        "accepted already, what is offered or proposed, what is still missing, and what is too much: in "
        "95 of 100 futures at least that much stays unused; bring no more. 'Foreseen' is what is "
        "expected to be brought on days that are not decided yet; {sure_days} days are decided now. "
        "Only nights with a chance of at least 1% that they come, or on which anything is brought; all "
        "are in board.parquet.",
        "3W: who does what, where and when. 'In place' is what is there already, less what is driven away.",
        "falta_unmet: what stays unmet and why, and what one more vehicle or more goods would change.",
        "articulos_items: what is expected to be needed and to stay unmet of each item. What serves "
        "again every night (places, toilets) is counted in units a night.",
        "valor_worth: unmet need is weighted: units short times the weight of the item; what is short "
        "beyond {first_share} of a need weighs {rest_factor} times. The weights are planning "
        "assumptions: {weights}. Currency of the cost: {currency}.",
        "Assumptions: {load_hours} h for loading and {hand_out_hours} h for handing out on each drive; "
        "the worst-off town gets at least {fairness} of the best share that all could have at once; the "
        "futures are reduced to {scenarios} scenarios.",
        "Empty cells are not zero: it is not known, may not be told of so few people, or too few "
        "futures are behind it.",
    ),
}
