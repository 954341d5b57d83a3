"""Names of the first administrative levels of Mexico and Central America's north: states are no towns."""

from __future__ import annotations

# In the order of GeoNames' codes.
FIRST_LEVELS: dict[str, tuple[str, ...]] = {
    "MX": tuple(
        (
            "Aguascalientes|Baja California|Baja California Sur|Campeche|Chiapas|Chihuahua|Coahuila|Colima|"
            "Ciudad de México|Durango|Guanajuato|Guerrero|Hidalgo|Jalisco|Estado de México|Michoacán|Morelos|"
            "Nayarit|Nuevo León|Oaxaca|Puebla|Querétaro|Quintana Roo|San Luis Potosí|Sinaloa|Sonora|Tabasco|"
            "Tamaulipas|Tlaxcala|Veracruz|Yucatán|Zacatecas"
        ).split("|")
    ),
    "GT": tuple(
        (
            "Alta Verapaz|Baja Verapaz|Chimaltenango|Chiquimula|El Progreso|Escuintla|Guatemala|"
            "Huehuetenango|"
            "Izabal|Jalapa|Jutiapa|Petén|Quetzaltenango|Quiché|Retalhuleu|Sacatepéquez|San Marcos|Santa Rosa|"
            "Sololá|Suchitepéquez|Totonicapán|Zacapa"
        ).split("|")
    ),
    "HN": tuple(
        (
            "Atlántida|Choluteca|Colón|Comayagua|Copán|Cortés|El Paraíso|Francisco Morazán|Gracias a Dios|"
            "Intibucá|Islas de la Bahía|La Paz|Lempira|Ocotepeque|Olancho|Santa Bárbara|Valle|Yoro"
        ).split("|")
    ),
    "SV": tuple(
        (
            "Ahuachapán|Cabañas|Chalatenango|Cuscatlán|La Libertad|La Paz|La Unión|Morazán|San Miguel|"
            "San Salvador|Santa Ana|San Vicente|Sonsonate|Usulután"
        ).split("|")
    ),
}
# States where people on the way north arrive.
UNITED_STATES = ("California", "Arizona", "New Mexico", "Nuevo México", "Texas", "Florida")
