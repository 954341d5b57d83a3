"""What columns and cells of other people's files are called, in Spanish and English: one list of words.

A key of `FIELDS` is what `--map COLUMN=FIELD` may name; `people_low` and `people_high` are people,
`count…` is counted in `unit`.
"""

from __future__ import annotations

from collections.abc import Mapping

from safepassage.adapters.fieldform.questions import CHOICES
from safepassage.core.gazetteer import fold
from safepassage.core.report import (
    QUALITIES,
    QUANTIFIERS,
    RELIABILITIES,
    REPORT_KINDS,
    SEGMENTS,
    SOURCE_KINDS,
    UNITS,
)

DATE, NUMBER, PLACE, WORD, FREE = "date", "number", "place", "word", "free"


def _split(text: str) -> tuple[str, ...]:
    return tuple(fold(word) for word in text.split(","))


# field -> what it holds, and what a header may call it (after `core.gazetteer.fold`).
_FIELDS: dict[str, tuple[str, str]] = {
    "observed": (DATE, "observed,date,fecha,day,dia,observed on,date observed,fecha de observacion,"
                       "report date,"
                 "fecha del reporte,fecha del dato,fecha de corte,data date,when,cuando,fecha "
                 "observada"),
    "published": (DATE, "published,publicado,fecha de publicacion,publication date,published on,date "
                        "published"),
    "published_basis": (FREE, "published basis"),
    "place": (PLACE, "place,lugar,town,city,ciudad,municipio,municipality,localidad,location,ubicacion,"
                     "poblado,"
              "pueblo,site,sitio,punto,where,donde,place id,place name,nombre del lugar,comunidad,locality"),
    "place_other": (PLACE, "place other,other place,otro lugar"),
    "country": (WORD, "country,pais,iso2,country code,codigo de pais"),
    "kind": (WORD, "kind,tipo,type,kind of report,tipo de reporte,report type,indicator,indicador,clase,"
             "tipo de dato"),
    "category": (WORD, "category,categoria"),
    "cumulative": (WORD, "cumulative,acumulado,is cumulative"),
    "people_low": (NUMBER, "people low,personas min,personas minimo,people min,people lowest,minimo de "
                           "personas,"
                   "personas minimas,min people,low people"),
    "people_high": (NUMBER, "people high,personas max,personas maximo,people max,people highest,"
                    "maximo de personas,personas maximas,max people,high people"),
    "people": (NUMBER, "people,personas,persons,gente,migrantes,migrants,individuals,individuos,ind,refugees,"
               "numero de personas,number of people,total de personas,total personas,total people,"
               "people total,headcount,no de personas,num personas,cantidad de personas,size,tamano"),
    "count": (NUMBER, "count,number,numero,cantidad,total,cifra,figure,value,valor,conteo,estimate,"
                      "estimacion,"
              "estimado,amount,how many,cuantos,cuantas personas"),
    "count_low": (NUMBER, "count low,low,lowest,min,minimum,minimo,value low,reported size low,size low,"
                  "from number,estimate low,low estimate,estimado minimo,cifra minima,valor minimo"),
    "count_high": (NUMBER, "count high,high,highest,max,maximum,maximo,value high,reported size high,"
                           "size high,"
                   "estimate high,high estimate,estimado maximo,cifra maxima,valor maximo"),
    "families": (NUMBER, "families,familias,households,hogares,hh,number of families,numero de familias,"
                 "number of households,familias contadas,total familias"),
    "unit": (WORD, "unit,unidad,units,unidad de medida,counted in"),
    "people_per_family": (NUMBER, "people per family,personas por familia,household size,family size,"
                    "tamano de familia,tamano del hogar,tamano de hogar,hh size,average household size"),
    "segment": (WORD, "segment,segmento,part,parte,tramo"),
    "quality": (WORD, "quality,calidad"),
    "quantifier": (WORD, "quantifier,cuantificador,calificador"),
    "source": (FREE, "source,fuente,origen del dato,outlet,medio,url,link,enlace,data source,source url,"
               "fuente de informacion"),
    "source_kind": (WORD, "source kind,tipo de fuente,source type,kind of source"),
    "reliability": (WORD, "reliability,confiabilidad,fiabilidad,confianza,confidence"),
    "note": (FREE, "note,nota,notes,notas,comment,comments,comentario,comentarios,observaciones,observacion,"
             "remarks,remark,description,descripcion,detalle,detalles,details"),
    "group": (WORD, "group,grupo,caravan,caravana,group id"),
    "to_place": (PLACE, "to place,hacia,to,destino,destination,towards,hasta,place to,headed to"),
    "since": (DATE, "since,desde,start date,fecha de inicio,date from,from date,fecha desde"),
    "hour": (NUMBER, "hour,hora,departure hour,hora de salida,hour of departure"),
    "copied_from": (WORD, "copied from"),
    "excerpt": (FREE, "excerpt,extracto,cita,quote"),
    "next_stop": (PLACE, "next stop,proxima parada,siguiente parada,next place,proximo destino,"
                         "siguiente destino"),
    "next_stop_other": (PLACE, "next stop other"),
    "next_stop_day": (DATE, "next stop day,next stop date,fecha de la proxima parada,dia de la proxima "
                            "parada"),
    "status": (WORD, "report status"),
    "transport": (WORD, "transport,transporte"),
    "transport_to": (PLACE, "transport to,transporte a,transporte hacia"),
}  # fmt: skip
FIELDS: Mapping[str, str] = {field: holds for field, (holds, _) in _FIELDS.items()}
HEADERS: Mapping[str, str] = {
    word: field for field, (_, words) in _FIELDS.items() for word in (fold(field), *_split(words))
}

# Columns of the store's exports, and of every list, that tell nothing of a report.
PASSED_OVER = frozenset(
    _split("key,clave,estado,id,no,num,row,fila,index,confidence score,flags,origin,cluster,recorded,span")
)


def _words(known: tuple[str, ...], said: str) -> dict[str, str]:
    """Read "word=synonym,synonym;…" into synonym -> word."""
    table = {fold(word): word for word in known if word}
    for part in said.split(";"):
        word, _, synonyms = part.strip().partition("=")
        table |= dict.fromkeys(_split(synonyms), word)
    return table


_KNOWN: dict[str, dict[str, str]] = {
    "kind": _words(REPORT_KINDS, """position=posicion,ubicacion,location,sighting,avistamiento,
        the caravan is here,la caravana esta aqui;
        stock=present,presentes,people present,personas presentes,en albergue,in shelter,sheltered,alojados,
        existencias,personas alojadas;arrivals=arrival,llegada,llegadas,arrived,llegaron,ingresos,entradas;
        departures=departure,salida,salidas,departed,salieron,egresos;
        claims=claim,asylum claims,asylum,asilo,solicitudes de asilo,solicitudes,solicitudes de refugio,
        refugio;returns=return,retorno,retornos,returned,regresos,repatriaciones,repatriations,deportaciones
        voluntarias;crossings=crossing,cruce,cruces,crossed,border crossings;
        detentions=detention,detencion,detenciones,detained,detenidos,detenidas,arrests;
        next_stop=proxima parada,siguiente parada,next stop announced;
        transport_offered=transporte ofrecido,buses offered,autobuses ofrecidos;
        transport_withdrawn=transporte retirado,buses withdrawn;
        shelter_opened=albergue abierto,shelter open;shelter_closed=albergue cerrado,shelter shut;
        closure=cierre,closed road,camino cerrado;reopening=reapertura,reopened;
        incident=incidente,incidentes,incidents"""),
    "segment": _words(SEGMENTS, """main=principal,grueso,main group,grupo principal,main body;
        advance=vanguardia,avanzada,head,cabeza,front,adelante,punta;
        rear=retaguardia,cola,tail,atras,rezagados,rezagadas;whole=todo,toda,total,completa,whole caravan,all;
        branch=rama,parte,part,grupo separado,subgrupo;cumulative=acumulado,acumulada;
        size_only=solo tamano"""),
    "quality": _words(QUALITIES, """exact=exacto,exacta;approx=aproximado,aproximada,approximate,estimate,
        estimado;conflict=conflicto,contradictory;inferred=inferido,inferida"""),
    "quantifier": _words(QUANTIFIERS, """about=unos,unas,alrededor de,cerca de,aproximadamente,around,approx,
        approximately;more_than=mas de,over,more than;at_least=al menos,por lo menos,at least,minimo;
        nearly=casi,almost;up_to=hasta,maximo,up to;fewer_than=menos de,less than,fewer than,under"""),
    "unit": _words(UNITS, """people=personas,persons,person,persona,ind,individuals,individuos,gente;
        families=familias,family,familia,households,household,hogares,hogar,hh"""),
    "source_kind": _words(SOURCE_KINDS, """official=oficial,government,gobierno,autoridad,autoridades,
        authority,authorities,police,policia;agency=agencia,un,onu,iom,oim,unhcr,acnur,ngo,ong,red cross,
        cruz roja,ingo,unicef;organiser=organizer,organizador,organizadores,organisers,organizers,
        organizacion;shelter=albergue,albergues,church,iglesia,casa del migrante,comedor,kitchen;
        press=prensa,media,medio,medios,news,newspaper,periodico,noticia;field=campo,team,equipo,
        equipo de campo,field team,own,propio"""),
    "reliability": _words(RELIABILITIES, "high=alta,alto;medium=media,medio;low=baja,bajo"),
    "transport": _words(("none", "transport_offered", "transport_withdrawn"), """
        transport_offered=offered,ofrecido,ofrecidos,yes,si;transport_withdrawn=withdrawn,retirado,cancelled,
        cancelado;none=no,ninguno,not told"""),
    "cumulative": _words(("true", "false"), "true=t,1,yes,si,verdadero,y;false=f,0,no,falso,n"),
}  # fmt: skip

# Choices of the form, as they are offered in either language.
WORDS: Mapping[str, Mapping[str, str]] = {
    field: known
    | {
        fold(label): name
        for name, *labels in CHOICES.get(field, ())
        for label in labels
        if fold(label) not in known
    }
    for field, known in _KNOWN.items()
}

# Words of a category of exits, the first that stands in it decides; the empty kind is none of ours.
CATEGORY_WORDS: tuple[tuple[str, frozenset[str]], ...] = (
    (
        "",
        frozenset(
            _split(
                "share,minors,minor,women,men,girls,boys,children,whereabouts,jobs,regularisation,"
                "regularization,menores,mujeres,hombres,ninos,ninas,desisted,percent,porcentaje"
            )
        ),
    ),
    (
        "detentions",
        frozenset(
            _split(
                "detained,detention,detentions,arrest,arrests,arrested,deported,detenidos,detenidas,"
                "detenciones,deportados,aprehensiones"
            )
        ),
    ),
    (
        "returns",
        frozenset(
            _split(
                "return,returns,returned,returnees,repatriation,repatriations,repatriated,retorno,"
                "retornos,retornados,regreso,regresos,repatriados,repatriaciones"
            )
        ),
    ),
    (
        "claims",
        frozenset(
            _split("asylum,claims,claim,applications,asilo,refugio,refuge,solicitudes,solicitantes,comar")
        ),
    ),
    ("crossings", frozenset(_split("crossing,crossings,crossed,cruce,cruces,cruzaron"))),
    ("arrivals", frozenset(_split("arrival,arrivals,arrived,llegada,llegadas,llegaron,entries"))),
    ("departures", frozenset(_split("departure,departures,departed,salida,salidas,salieron"))),
)
# Asked for and not yet done: said in the note.
ASKED_WORDS = frozenset(_split("requests,request,solicitudes de retorno,process,tramite"))


def category_kind(category: str) -> tuple[str, str]:
    """Give the kind of report that a category of exits tells of, '' for none, and how to say it in words.

    >>> category_kind("assisted_return_requests_mexico")
    ('returns', 'assisted return requests mexico, not yet done')
    """
    words = fold(category).split()
    said = " ".join(words)
    if known := WORDS["kind"].get(said):
        return known, ""
    for kind, among in CATEGORY_WORDS:
        if not among.isdisjoint(words):
            asked = kind == "returns" and not ASKED_WORDS.isdisjoint(words)
            return kind, said + (", not yet done" if asked else "")
    return "", said
