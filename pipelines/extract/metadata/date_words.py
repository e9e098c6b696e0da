"""Names of months and of time zones, as they stand in dates on pages: words for `date_text`."""

from __future__ import annotations

_MONTHS = (
    """january jan januar jänner jan. janvier janv enero ene gennaio gen janeiro januari januari tammikuu tammikuuta styczeń
    stycznia leden ledna január januára ianuarie ianuar ocak января январь янв січня januárius siječnja siječanj janvāris sausio
    jaanuar јануар януари ιανουαρίου ιανουάριος يناير ינואר जनवरी জানুয়ারি gener janúar janvāra sty led oca janv. जन""",
    """february feb februar feber février fevr févr fév fev febrero feb febbraio fevereiro februari helmikuu
    helmikuuta luty lutego
    únor února február februára februarie şubat февраля февраль фев лютого veljače veljača februāris vasario veebruar
    фебруар февруари φεβρουαρίου φεβρουάριος فبراير פברואר फ़रवरी फरवरी ফেব্রুয়ারি febrer febrúar februāra lut úno şub""",
    """march mar märz mrz maerz mars marzo marz março maart mrt maaliskuu maaliskuuta marzec marca březen března marec március
    martie mart марта март мар березня ožujka ožujak marts kovo märts март μαρτίου μάρτιος مارس מרץ मार्च মার্চ març bře mär""",
    """april apr abril abr aprile avril avr huhtikuu huhtikuuta kwiecień kwietnia duben dubna apríl apríla április aprilie nisan
    апреля апрель апр квітня travnja travanj aprīlis balandžio aprill април απριλίου απρίλιος أبريل ابريل إبريل אפריל
    अप्रैल এপ্রিল kwi dub nis aprīļa""",
    """may mai mayo maj maggio mag maio mei toukokuu toukokuuta maj maja květen května máj mája május mayıs мая май
    травня svibnja
    svibanj maijs gegužės мај μαΐου μάιος مايو מאי मई মে maig maí kvě maijā""",
    """june jun juni juin junio giugno giu junho kesäkuu kesäkuuta czerwiec czerwca červen června jún júna június
    iunie haziran июня
    июнь июн червня lipnja lipanj jūnijs birželio juuni јун юни ιουνίου ιούνιος يونيو יוני जून জুন juny júní cze čvn haz""",
    """july jul juli juillet juil julio luglio lug julho heinäkuu heinäkuuta lipiec lipca červenec července júl júla
    július iulie
    temmuz июля июль июл липня srpnja srpanj jūlijs liepos juuli јул юли ιουλίου ιούλιος يوليو יולי जुलाई জুলাই
    juliol júlí lip čvc tem""",
    """august aug août aout agosto ago agustus augusti elokuu elokuuta sierpień sierpnia srpen srpna augusta
    augusztus ağustos августа
    август авг серпня kolovoza kolovoz augusts rugpjūčio август αυγούστου αύγουστος أغسطس אוגוסט अगस्त আগস্ট agost
    ágúst augustus sie srp ağu""",
    """september sep sept septembre septiembre sett settembre setembro set syyskuu syyskuuta wrzesień września září září
    szeptember septembrie eylül сентября сентябрь сен сент вересня rujna rujan septembris rugsėjo септембар септември
    σεπτεμβρίου
    σεπτέμβριος سبتمبر ספטמבר सितंबर सितम्बर সেপ্টেম্বর setembre wrz zář eyl septembra setiembre""",
    """october oct oktober okt octobre octubre ottobre ott outubro out lokakuu lokakuuta październik października říjen října
    október októbra octombrie ekim октября октябрь окт жовтня oktobris spalio oktoober октобар октомври οκτωβρίου
    οκτώβριος أكتوبر אוקטובר अक्टूबर অক্টোবর octubre paź říj eki oktobra""",
    """november nov novembre noviembre novembro marraskuu marraskuuta listopad listopada listopadu novembra noiembrie
    kasım ноября ноябрь ноя
    листопада studenoga studenog studeni novembris lapkričio новембар ноември νοεμβρίου νοέμβριος نوفمبر נובמבר नवंबर
    नवम्बर নভেম্বর lis kas nóvember""",
    """december dec dezember dez décembre déc decembre diciembre dic dicembre dezembro joulukuu joulukuuta grudzień
    grudnia prosinec
    prosince decembra decembrie aralık декабря декабрь дек грудня prosinca prosinac decembris gruodžio detsember децембар
    декември δεκεμβρίου δεκέμβριος ديسمبر דצמבר दिसंबर दिसम्बर ডিসেম্বর desember des desembre gru pro ara dezembar decembar""",
)

MONTHS: dict[str, int] = {}
for _number, _words in enumerate(_MONTHS, 1):
    for _word in _words.split():
        MONTHS.setdefault(_word.rstrip("."), _number)

# Hours from UTC of the abbreviations that are not ambiguous in practice on news pages.
ZONES: dict[str, float] = {
    "z": 0, "utc": 0, "gmt": 0, "wet": 0, "bst": 1, "cet": 1, "mez": 1, "cest": 2, "mesz": 2, "eet": 2, "eest": 3, "msk": 3, "мск": 3,
    "est": -5, "edt": -4, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7, "jst": 9, "kst": 9,
    "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13, "ist": 5.5, "sast": 2, "sgt": 8, "hkt": 8,
    "wib": 7, "wita": 8, "wit": 9, "pkt": 5, "pht": 8, "myt": 8, "eat": 3, "trt": 3, "brt": -3,
}  # fmt: skip

# Hours from UTC in winter, and whose rule moves the clocks, of the names that hold in summer and winter.
CHANGING_ZONES: dict[str, tuple[float, str]] = {
    name: zone
    for names, zone in (
        (("et", "eastern time", "us eastern time", "new york time"), (-5.0, "us")),
        (("ct", "central time", "us central time"), (-6.0, "us")),
        (("mt", "mountain time", "us mountain time"), (-7.0, "us")),
        (("pt", "pacific time", "us pacific time"), (-8.0, "us")),
        (("uk time", "london time", "british time"), (0.0, "eu")),
        (("central european time", "paris time", "berlin time"), (1.0, "eu")),
        (("aet", "sydney time", "melbourne time"), (10.0, "au")),
    )
    for name in names
}

# Months of a language whose word means another month in most that have it.
REGIONAL_MONTHS: dict[tuple[str | None, str], int] = {
    ("hr", "listopada"): 10, ("hr", "listopad"): 10, ("hr", "lis"): 10, ("hr", "tra"): 4, ("hr", "svi"): 5, ("hr", "srp"): 7,
}  # fmt: skip
