"""Names of the months by language, from Unicode's CLDR (Babel 2.19; Unicode License v3).

Written by benchmarks/extraction/month_names.py; a language a line: its code, then twelve months with their forms.
"""

from __future__ import annotations

CLDR_MONTHS = """
af januarie,jan|februarie,feb|maart,mrt|april,apr|mei|junie,jun|julie,jul|augustus,aug|september,sep|oktober,okt|november,nov|desember,des
am ጃንዋሪ,ጃን|ፌብሩዋሪ,ፌብ|ማርች|ኤፕሪል,ኤፕሪ|ሜይ|ጁን|ጁላይ|ኦገስት,ኦገስ|ሴፕቴምበር,ሴፕቴ|ኦክቶበር,ኦክቶ|ኖቬምበር,ኖቬም|ዲሴምበር,ዲሴም
ar يناير|فبراير|مارس|أبريل|مايو|يونيو|يوليو|أغسطس|سبتمبر|أكتوبر|نوفمبر|ديسمبر
ar جانفي|فيفري|مارس|أفريل|ماي|جوان|جويلية|أوت|سبتمبر|أكتوبر|نوفمبر|ديسمبر
ar كانون الثاني|شباط|آذار|نيسان|أيار|حزيران|تموز|آب|أيلول|تشرين الأول|تشرين الثاني|كانون الأول
ar يناير|فبراير|مارس|أبريل|ماي|يونيو|يوليوز|غشت|شتنبر|أكتوبر|نونبر|دجنبر
ar يناير|فبراير|مارس|أبريل|مايو|يونيو|يوليو|أغسطس|سبتمبر|أكتوبر|نوفمبر|ديسمبر
ar كانون الثاني|شباط|آذار|نيسان|أيار|حزيران|تموز|آب|أيلول|تشرين الأول|تشرين الثاني|كانون الأول
ar جانفي|فيفري|مارس|أفريل|ماي|جوان|جويلية|أوت|سبتمبر|أكتوبر|نوفمبر|ديسمبر
as জানুৱাৰী,জানু|ফেব্ৰুৱাৰী,ফেব্ৰু|মাৰ্চ|এপ্ৰিল|মে’|জুন|জুলাই|আগষ্ট,আগ|ছেপ্তেম্বৰ,ছেপ্তে|অক্টোবৰ,অক্টো|নৱেম্বৰ,নৱে|ডিচেম্বৰ,ডিচে
ast de xineru,xineru|de febreru,febreru|de marzu,marzu|d’abril,abril|de mayu,mayu|de xunu,xunu|de xunetu,xunetu|d’agostu,agostu|de setiembre,setiembre|d’ochobre,ochobre|de payares,payares|d’avientu,avientu
az yanvar,yan|fevral,fev|mart,mar|aprel,apr|may|iyun,iyn|iyul,iyl|avqust,avq|sentyabr,sen|oktyabr,okt|noyabr,noy|dekabr,dek
az јанвар,јан|феврал,фев|март,мар|апрел,апр|май|ијун,ијн|ијул,ијл|август,авг|сентјабр,сен|октјабр,окт|нојабр,ној|декабр,дек
be студзеня,сту,студзень|лютага,лют,люты|сакавіка,сак,сакавік|красавіка,кра,красавік|мая,май|чэрвеня,чэр,чэрвень|ліпеня,ліп,ліпень|жніўня,жні,жнівень|верасня,вер,верасень|кастрычніка,кас,кастрычнік|лістапада,ліс,лістапад|снежня,сне,снежань
bg януари,яну|февруари,фев|март|април,апр|май|юни|юли|август,авг|септември,сеп|октомври,окт|ноември,ное|декември,дек
bn জানুয়ারি,জানু|ফেব্রুয়ারি,ফেব|মার্চ|এপ্রিল,এপ্রি|মে|জুন|জুলাই,জুল|আগস্ট,আগ|সেপ্টেম্বর,সেপ,সেপ্ট|অক্টোবর,অক্টো|নভেম্বর,নভে|ডিসেম্বর,ডিসে
br genver,gen|cʼhwevrer,cʼhwe|meurzh,meur|ebrel,ebr|mae|mezheven,mezh|gouere,goue|eost|gwengolo,gwen|here|du|kerzu,kzu
bs januar,jan|februar,feb|mart,mar|april,apr|maj|juni,jun|juli,jul|august,aug|septembar,sep|oktobar,okt|novembar,nov|decembar,dec
bs јануар,јан|фебруар,феб|март,мар|април,апр|мај|јуни,јун|јули,јул|аугуст,ауг|септембар,сеп|октобар,окт|новембар,нов|децембар,дец
ca de gener,de gen,gener,gen|de febrer,de febr,febrer,febr|de març,març|d’abril,d’abr,abril,abr|de maig,maig|de juny,juny|de juliol,de jul,juliol,jul|d’agost,d’ag,agost,ag|de setembre,de set,setembre,set|d’octubre,d’oct,octubre,oct|de novembre,de nov,novembre,nov|de desembre,de des,desembre,des
ceb enero|pebrero|marso|abril|mayo|hunyo|hulyo|agosto|septiyembre|oktubre|nobyembre|disyembre
ckb کانوونی دووەم|شوبات|ئازار|نیسان|ئایار|حوزەیران|تەمووز|ئاب|ئەیلوول|تشرینی یەکەم|تشرینی دووەم|کانونی یەکەم
cs ledna,led,leden|února,úno,únor|března,bře,březen|dubna,dub,duben|května,kvě,květen|června,čvn,červen|července,čvc,červenec|srpna,srp,srpen|září,zář|října,říj,říjen|listopadu,lis,listopad|prosince,pro,prosinec
cy ionawr,ion|chwefror,chwef,chw|mawrth,maw|ebrill,ebr|mai|mehefin,meh|gorffennaf,gorff,gor|awst|medi|hydref,hyd|tachwedd,tach|rhagfyr,rhag
da januar,jan|februar,feb|marts,mar|april,apr|maj|juni,jun|juli,jul|august,aug|september,sep|oktober,okt|november,nov|december,dec
de januar,jan|februar,feb|märz,mär|april,apr|mai|juni,jun|juli,jul|august,aug|september,sept,sep|oktober,okt|november,nov|dezember,dez
de jänner,jän|februar,feb|märz,mär|april,apr|mai|juni,jun|juli,jul|august,aug|september,sep|oktober,okt|november,nov|dezember,dez
dsb januara,jan,januar|februara,feb,februar|měrca,měr,měrc|apryla,apr,apryl|maja,maj|junija,jun,junij|julija,jul,julij|awgusta,awg,awgust|septembra,sep,september|oktobra,okt,oktober|nowembra,now,nowember|decembra,dec,december
el ιανουαρίου,ιαν,ιανουάριοσ|φεβρουαρίου,φεβ,φεβρουάριοσ|μαρτίου,μαρ,μάρτιοσ,μάρ|απριλίου,απρ,απρίλιοσ|μαΐου,μαΐ,μάιοσ,μάι|ιουνίου,ιουν,ιούνιοσ,ιούν|ιουλίου,ιουλ,ιούλιοσ,ιούλ|αυγούστου,αυγ,αύγουστοσ,αύγ|σεπτεμβρίου,σεπ,σεπτέμβριοσ|οκτωβρίου,οκτ,οκτώβριοσ|νοεμβρίου,νοε,νοέμβριοσ,νοέ|δεκεμβρίου,δεκ,δεκέμβριοσ
en january,jan|february,feb|march,mar|april,apr|may|june,jun|july,jul|august,aug|september,sep|october,oct|november,nov|december,dec
eo januaro,jan|februaro,feb|marto,mar|aprilo,apr|majo,maj|junio,jun|julio,jul|aŭgusto,aŭg|septembro,sep|oktobro,okt|novembro,nov|decembro,dec
es enero,ene|febrero,feb|marzo,mar|abril,abr|mayo,may|junio,jun|julio,jul|agosto,ago|septiembre,sept|octubre,oct|noviembre,nov|diciembre,dic
et jaanuar,jaan|veebruar,veebr|märts|aprill,apr|mai|juuni|juuli|august,aug|september,sept|oktoober,okt|november,nov|detsember,dets
eu urtarrila,urt|otsaila,ots|martxoa,mar|apirila,api|maiatza,mai|ekaina,eka|uztaila,uzt|abuztua,abu|iraila,ira|urria,urr|azaroa,aza|abendua,abe
fa ژانویه|فوریه|مارس|آوریل|مه|ژوئن|ژوئیه|اوت|سپتامبر|اکتبر|نوامبر|دسامبر
fa جنوری,جنو|فبروری|مارچ|اپریل|می|جون|جولای,جول|اگست|سپتمبر|اکتوبر|نومبر|دسمبر,دسم
fi tammikuuta,tammi,tammikuu|helmikuuta,helmi,helmikuu|maaliskuuta,maalis,maaliskuu|huhtikuuta,huhti,huhtikuu|toukokuuta,touko,toukokuu|kesäkuuta,kesä,kesäkuu|heinäkuuta,heinä,heinäkuu|elokuuta,elo,elokuu|syyskuuta,syys,syyskuu|lokakuuta,loka,lokakuu|marraskuuta,marras,marraskuu|joulukuuta,joulu,joulukuu
fil enero,ene|pebrero,peb|marso,mar|abril,abr|mayo,may|hunyo,hun|hulyo,hul|agosto,ago|setyembre,set|oktubre,okt|nobyembre,nob|disyembre,dis
fo januar,jan|februar,feb|mars,mar|apríl,apr|mai|juni,jun|juli,jul|august,aug|september,sep|oktober,okt|november,nov|desember,des
fr janvier,janv|février,févr|mars|avril,avr|mai|juin|juillet,juil|août|septembre,sept|octobre,oct|novembre,nov|décembre,déc
fur zenâr|fevrâr|març|avrîl|mai|jugn|lui|avost|setembar|otubar|novembar|dicembar
fy jannewaris,jan|febrewaris,feb|maart,mrt|april,apr|maaie,mai|juny,jun|july,jul|augustus,aug|septimber,sep|oktober,okt|novimber,nov|desimber,des
ga eanáir,ean|feabhra,feabh|márta|aibreán,aib|bealtaine,beal|meitheamh,meith|iúil|lúnasa,lún|meán fómhair,mfómh|deireadh fómhair,dfómh|samhain,samh|nollaig,noll
gd dhen fhaoilleach,faoi,am faoilleach|dhen ghearran,gearr,an gearran|dhen mhàrt,màrt,am màrt|dhen ghiblean,gibl,an giblean|dhen chèitean,cèit,an cèitean|dhen ògmhios,ògmh,an t-ògmhios|dhen iuchar,iuch,an t-iuchar|dhen lùnastal,lùna,an lùnastal|dhen t-sultain,sult,an t-sultain|dhen dàmhair,dàmh,an dàmhair|dhen t-samhain,samh,an t-samhain|dhen dùbhlachd,dùbh,an dùbhlachd
gl xaneiro,xan|febreiro,feb|marzo,mar|abril,abr|maio|xuño|xullo,xul|agosto,ago|setembro,set|outubro,out|novembro,nov|decembro,dec
gu જાન્યુઆરી,જાન્યુ|ફેબ્રુઆરી,ફેબ્રુ|માર્ચ|એપ્રિલ|મે|જૂન|જુલાઈ|ઑગસ્ટ|સપ્ટેમ્બર,સપ્ટે|ઑક્ટોબર,ઑક્ટો|નવેમ્બર,નવે|ડિસેમ્બર,ડિસે
ha janairu,jan|faburairu,fab|maris,mar|afirilu,afi|mayu,may|yuni,yun|yuli,yul|agusta,agu|satumba,sat|oktoba,okt|nuwamba,nuw|disamba,dis
haw ianuali|pepeluali|malaki|ʻapelila|mei|iune|iulai|ʻaukake|kepakemapa|ʻokakopa|nowemapa|kekemapa
he ינואר,ינו׳|פברואר,פבר׳|מרץ|אפריל,אפר׳|מאי|יוני|יולי|אוגוסט,אוג׳|ספטמבר,ספט׳|אוקטובר,אוק׳|נובמבר,נוב׳|דצמבר,דצמ׳
hi जनवरी,जन॰|फ़रवरी,फ़र॰|मार्च|अप्रैल|मई|जून|जुलाई,जुल॰|अगस्त,अग॰|सितंबर,सित॰|अक्टूबर,अक्टू॰|नवंबर,नव॰|दिसंबर,दिस॰
hr siječnja,sij,siječanj|veljače,velj,veljača|ožujka,ožu,ožujak|travnja,tra,travanj|svibnja,svi,svibanj|lipnja,lip,lipanj|srpnja,srp,srpanj|kolovoza,kol,kolovoz|rujna,ruj,rujan|listopada,lis,listopad|studenoga,stu,studeni|prosinca,pro,prosinac
hsb januara,jan,januar|februara,feb,februar|měrca,měr,měrc|apryla,apr,apryl|meje,mej,meja|junija,jun,junij|julija,jul,julij|awgusta,awg,awgust|septembra,sep,september|oktobra,okt,oktober|nowembra,now,nowember|decembra,dec,december
hu január,jan|február,febr|március,márc|április,ápr|május,máj|június,jún|július,júl|augusztus,aug|szeptember,szept|október,okt|november,nov|december,dec
hy հունվարի,հնվ,հունվար|փետրվարի,փտվ,փետրվար|մարտի,մրտ,մարտ|ապրիլի,ապր,ապրիլ|մայիսի,մյս,մայիս|հունիսի,հնս,հունիս|հուլիսի,հլս,հուլիս|օգոստոսի,օգս,օգոստոս|սեպտեմբերի,սեպ,սեպտեմբեր|հոկտեմբերի,հոկ,հոկտեմբեր|նոյեմբերի,նոյ,նոյեմբեր|դեկտեմբերի,դեկ,դեկտեմբեր
id januari,jan|februari,feb|maret,mar|april,apr|mei|juni,jun|juli,jul|agustus,agu|september,sep|oktober,okt|november,nov|desember,des
ig jenụwarị,jen|febrụwarị,feb|maachị,maa|epreel,epr|mee|jun,juu|julaị,jul|ọgọọst,ọgọ|septemba,sep|ọktoba,ọkt|novemba,nov|disemba,dis
is janúar,jan|febrúar,feb|mars,mar|apríl,apr|maí|júní,jún|júlí,júl|ágúst,ágú|september,sep|október,okt|nóvember,nóv|desember,des
it gennaio,gen|febbraio,feb|marzo,mar|aprile,apr|maggio,mag|giugno,giu|luglio,lug|agosto,ago|settembre,set|ottobre,ott|novembre,nov|dicembre,dic
jv januari,jan|februari,feb|maret,mar|april,apr|mei|juni,jun|juli,jul|agustus,agt|september,sep|oktober,okt|november,nov|desember,des
ka იანვარი,იან|თებერვალი,თებ|მარტი,მარ|აპრილი,აპრ|მაისი,მაი|ივნისი,ივნ|ივლისი,ივლ|აგვისტო,აგვ|სექტემბერი,სექ|ოქტომბერი,ოქტ|ნოემბერი,ნოე|დეკემბერი,დეკ
kk қаңтар,қаң|ақпан,ақп|наурыз,нау|сәуір,сәу|мамыр,мам|маусым,мау|шілде,шіл|тамыз,там|қыркүйек,қыр|қазан,қаз|қараша,қар|желтоқсан,жел
kl januaarip,januaari|februaarip,februaari|marsip,marsi|apriilip,apriili|maajip,maaji|juunip,juuni|juulip,juuli|aggustip,aggusti|septembarip,septembari|oktobarip,oktobari|novembarip,novembari|decembarip,decembari
km មករា|កុម្ភៈ|មីនា|មេសា|ឧសភា|មិថុនា|កក្កដា|សីហា|កញ្ញា|តុលា|វិច្ឆិកា|ធ្នូ
kn ಜನವರಿ,ಜನ|ಫೆಬ್ರವರಿ,ಫೆಬ್ರ|ಮಾರ್ಚ್|ಏಪ್ರಿಲ್,ಏಪ್ರಿ|ಮೇ|ಜೂನ್|ಜುಲೈ|ಆಗಸ್ಟ್,ಆಗ|ಸೆಪ್ಟೆಂಬರ್,ಸೆಪ್ಟೆಂ|ಅಕ್ಟೋಬರ್,ಅಕ್ಟೋ|ನವೆಂಬರ್,ನವೆಂ|ಡಿಸೆಂಬರ್,ಡಿಸೆಂ
kok जानेवारी|फेब्रुवारी|मार्च|एप्रील|मे|जून|जुलय|ऑगस्ट|सप्टेंबर|ऑक्टोबर|नोव्हेंबर|डिसेंबर
ku rêbendan,rbn|sibat,sbt|adar,adr|nîsan,nsn|gulan,gln|hezîran,hzr|tîrmeh,trm|tebax,tbx|îlon,îln|cotmeh,cot|mijdar,mjd|berfanbar,brf
ky январь,янв|февраль,фев|март,мар|апрель,апр|май|июнь,июн|июль,июл|август,авг|сентябрь,сен|октябрь,окт|ноябрь,ноя|декабрь,дек
lb januar,jan|februar,feb|mäerz,mäe|abrëll,abr|mee|juni,jun|juli,jul|august,aug|september,sep|oktober,okt|november,nov|dezember,dez
lg janwaliyo|febwaliyo|marisi|apuli|maayi|juuni|julaayi|agusito|sebuttemba|okitobba|novemba|desemba
lo ມັງກອນ,ມ.ກ|ກຸມພາ,ກ.ພ|ມີນາ,ມ.ນ|ເມສາ,ມ.ສ|ພຶດສະພາ,ພ.ພ|ມິຖຸນາ,ມິ.ຖ|ກໍລະກົດ,ກ.ລ|ສິງຫາ,ສ.ຫ|ກັນຍາ,ກ.ຍ|ຕຸລາ,ຕ.ລ|ພະຈິກ,ພ.ຈ|ທັນວາ,ທ.ວ
lt sausio,saus,sausis|vasario,vas,vasaris|kovo,kov,kovas|balandžio,bal,balandis|gegužės,geg,gegužė|birželio,birž,birželis|liepos,liep,liepa|rugpjūčio,rugp,rugpjūtis|rugsėjo,rugs,rugsėjis|spalio,spal,spalis|lapkričio,lapkr,lapkritis|gruodžio,gruod,gruodis
lv janvāris,janv|februāris,febr|marts|aprīlis,apr|maijs|jūnijs,jūn|jūlijs,jūl|augusts,aug|septembris,sept|oktobris,okt|novembris,nov|decembris,dec
mg janoary,jan|febroary,feb|martsa,mar|aprily,apr|mey|jona,jon|jolay,jol|aogositra,aog|septambra,sep|oktobra,okt|novambra,nov|desambra,des
mi hānuere|pēpuere|māehe|āperira|mei|hune|hūrae|ākuhata|hepetema|oketopa|noema|tīhema
mk јануари,јан|февруари,фев|март,мар|април,апр|мај|јуни,јун|јули,јул|август,авг|септември,сеп|октомври,окт|ноември,ное|декември,дек
ml ജനുവരി,ജനു|ഫെബ്രുവരി,ഫെബ്രു|മാർച്ച്,മാർ|ഏപ്രിൽ,ഏപ്രി|മേയ്|ജൂൺ|ജൂലൈ|ഓഗസ്റ്റ്,ഓഗ|സെപ്റ്റംബർ,സെപ്റ്റം|ഒക് ടോബർ,ഒക്ടോ|നവംബർ,നവം|ഡിസംബർ,ഡിസം
mn нэгдүгээр сар|хоёрдугаар сар|гуравдугаар сар|дөрөвдүгээр сар|тавдугаар сар|зургаадугаар сар|долоодугаар сар|наймдугаар сар|есдүгээр сар|аравдугаар сар|арван нэгдүгээр сар|арван хоёрдугаар сар
mr जानेवारी,जाने|फेब्रुवारी,फेब्रु|मार्च|एप्रिल,एप्रि|मे|जून|जुलै|ऑगस्ट,ऑग|सप्टेंबर,सप्टें|ऑक्टोबर,ऑक्टो|नोव्हेंबर,नोव्हें|डिसेंबर,डिसें
ms januari,jan|februari,feb|mac|april,apr|mei|jun|julai,jul|ogos,ogo|september,sep|oktober,okt|november,nov|disember,dis
mt jannar,jan|frar,fra|marzu,mar|april,apr|mejju,mej|ġunju,ġun|lulju,lul|awwissu,aww|settembru,set|ottubru,ott|novembru,nov|diċembru,diċ
my ဇန်နဝါရီ,ဇန်|ဖေဖော်ဝါရီ,ဖေ|မတ်|ဧပြီ|မေ|ဇွန်|ဇူလိုင်,ဇူ|ဩဂုတ်|စက်တင်ဘာ,စက်|အောက်တိုဘာ,အောက်|နိုဝင်ဘာ,နို|ဒီဇင်ဘာ,ဒီ
nb januar,jan|februar,feb|mars,mar|april,apr|mai|juni,jun|juli,jul|august,aug|september,sep|oktober,okt|november,nov|desember,des
ne जनवरी|फेब्रुअरी|मार्च|अप्रिल|मे|जुन|जुलाई|अगस्ट|सेप्टेम्बर|अक्टोबर|नोभेम्बर|डिसेम्बर
nl januari,jan|februari,feb|maart,mrt|april,apr|mei|juni,jun|juli,jul|augustus,aug|september,sep|oktober,okt|november,nov|december,dec
nn januar,jan|februar,feb|mars,mar|april,apr|mai|juni,jun|juli,jul|august,aug|september,sep|oktober,okt|november,nov|desember,des
oc de genièr,gen,genièr|de febrièr,feb,febrièr|de març,març|d’abril,abr,abril|de mai,mai|de junh,junh|de julhet,jul,julhet|d’agost,ago,agost|de setembre,set,setembre|d’octòbre,oct,octòbre|de novembre,nov,novembre|de decembre,dec,decembre
om amajjii|guraandhala|bitootessa|eebila|caamsaa|waxabajjii|adoolessa|hagayya|fulbaana|onkoloolessa|sadaasa|mudde
or ଜାନୁଆରୀ|ଫେବୃଆରୀ|ମାର୍ଚ୍ଚ|ଅପ୍ରେଲ|ମଇ|ଜୁନ|ଜୁଲାଇ|ଅଗଷ୍ଟ|ସେପ୍ଟେମ୍ବର|ଅକ୍ଟୋବର|ନଭେମ୍ବର|ଡିସେମ୍ବର
pa ਜਨਵਰੀ,ਜਨ|ਫ਼ਰਵਰੀ,ਫ਼ਰ|ਮਾਰਚ|ਅਪ੍ਰੈਲ,ਅਪ੍ਰੈ|ਮਈ|ਜੂਨ|ਜੁਲਾਈ,ਜੁਲਾ|ਅਗਸਤ,ਅਗ|ਸਤੰਬਰ,ਸਤੰ|ਅਕਤੂਬਰ,ਅਕਤੂ|ਨਵੰਬਰ,ਨਵੰ|ਦਸੰਬਰ,ਦਸੰ
pl stycznia,sty,styczeń|lutego,lut,luty|marca,mar,marzec|kwietnia,kwi,kwiecień|maja,maj|czerwca,cze,czerwiec|lipca,lip,lipiec|sierpnia,sie,sierpień|września,wrz,wrzesień|października,paź,październik|listopada,lis,listopad|grudnia,gru,grudzień
ps جنوري|فبروري,فېبروري|مارچ|اپریل|مۍ|جون|جولای|اګست|سېپتمبر,سپتمبر|اکتوبر|نومبر|دسمبر
pt janeiro,jan|fevereiro,fev|março,mar|abril,abr|maio,mai|junho,jun|julho,jul|agosto,ago|setembro,set|outubro,out|novembro,nov|dezembro,dez
rm da schaner,schan,schaner|da favrer,favr,favrer|da mars,mars|d’avrigl,avr,avrigl|da matg,matg|da zercladur,zercl,zercladur|da fanadur,fan,fanadur|d’avust,avust|da settember,sett,settember|d’october,oct,october|da november,nov,november|da december,dec,december
ro ianuarie,ian|februarie,feb|martie,mar|aprilie,apr|mai|iunie,iun|iulie,iul|august,aug|septembrie,sept|octombrie,oct|noiembrie,nov|decembrie,dec
ru января,янв,январь|февраля,февр,февраль|марта,мар,март|апреля,апр,апрель|мая,май|июня,июн,июнь|июля,июл,июль|августа,авг,август|сентября,сент,сентябрь|октября,окт,октябрь|ноября,нояб,ноябрь|декабря,дек,декабрь
rw mutarama,mut|gashyantare,gas|werurwe,wer|mata,mat|gicurasi,gic|kamena,kam|nyakanga,nya|kanama,kan|nzeri,nze|ukwakira,ukw|ugushyingo,ugu|ukuboza,uku
sa जनवरीमासः|फरवरीमासः|मार्चमासः|अप्रैलमासः|मईमासः|जूनमासः|जुलाईमासः|अगस्तमासः|सितंबरमासः|अक्तूबरमासः|नवंबरमासः|दिसंबरमासः
sc ghennàrgiu|freàrgiu|martzu|abrile|maju|làmpadas|trìulas|austu|cabudanni|santugaine|santandria|nadale
sd جنوري|فيبروري|مارچ|اپريل|مئي|جون|جولاءِ|آگسٽ|سيپٽمبر|آڪٽوبر|نومبر|ڊسمبر
se ođđajagemánnu|guovvamánnu|njukčamánnu|cuoŋománnu|miessemánnu|geassemánnu|suoidnemánnu|borgemánnu|čakčamánnu|golggotmánnu|skábmamánnu|juovlamánnu
si දුරුතු|නවම්|මැදින්|බක්|වෙසක්|පොසොන්|ඇසළ|නිකිණි|බිනර|වප්|ඉල්|උඳුවප්
sk januára,jan,január|februára,feb,február|marca,mar,marec|apríla,apr,apríl|mája,máj|júna,jún|júla,júl|augusta,aug,august|septembra,sep,september|októbra,okt,október|novembra,nov,november|decembra,dec,december
sl januar,jan|februar,feb|marec,mar|april,apr|maj|junij,jun|julij,jul|avgust,avg|september,sep|oktober,okt|november,nov|december,dec
sn ndira|kukadzi|kurume|kubvumbi|chivabvu|chikumi|chikunguru|nyamavhuvhu|gunyana|gumiguru|mbudzi|zvita
so janaayo,jan,jannaayo|febraayo,feb|maarso,mar|abriil,abr|maayo,may|juun,jun|luulyo,lul|agosto,ogs,ogosto|sebtembar,seb,sebteembar|oktoobar,okt|noofeembar,nof|diseembar,dis
sq janar,jan|shkurt,shk|mars,mar|prill,pri|maj|qershor,qer|korrik,korr|gusht,gush|shtator,sht|tetor,tet|nëntor,nën|dhjetor,dhj
sr јануар,јан|фебруар,феб|март,мар|април,апр|мај|јун|јул|август,авг|септембар,сеп|октобар,окт|новембар,нов|децембар,дец
sr januar,jan|februar,feb|mart,mar|april,apr|maj|jun|jul|avgust,avg|septembar,sep|oktobar,okt|novembar,nov|decembar,dec
su januari|pébruari|maret|april|méi|juni|juli|agustus|séptémber|oktober|nopémber|désémber
sv januari,jan|februari,feb|mars|april,apr|maj|juni|juli|augusti,aug|september,sep|oktober,okt|november,nov|december,dec
sw januari,jan|februari,feb|machi,mac|aprili,apr|mei|juni,jun|julai,jul|agosti,ago|septemba,sep|oktoba,okt|novemba,nov|desemba,des
ta ஜனவரி,ஜன|பிப்ரவரி,பிப்|மார்ச்,மார்|ஏப்ரல்,ஏப்|மே|ஜூன்|ஜூலை|ஆகஸ்ட்,ஆக|செப்டம்பர்,செப்|அக்டோபர்,அக்|நவம்பர்,நவ|டிசம்பர்,டிச
te జనవరి,జన|ఫిబ్రవరి,ఫిబ్ర|మార్చి|ఏప్రిల్,ఏప్రి|మే|జూన్|జులై|ఆగస్టు,ఆగ|సెప్టెంబర్,సెప్టెం|అక్టోబర్,అక్టో|నవంబర్,నవం|డిసెంబర్,డిసెం
tg январ,янв|феврал,фев|март,мар|апрел,апр|май|июн|июл|август,авг|сентябр,сен|октябр,окт|ноябр,ноя|декабр,дек
th มกราคม,ม.ค|กุมภาพันธ์,ก.พ|มีนาคม,มี.ค|เมษายน,เม.ย|พฤษภาคม,พ.ค|มิถุนายน,มิ.ย|กรกฎาคม,ก.ค|สิงหาคม,ส.ค|กันยายน,ก.ย|ตุลาคม,ต.ค|พฤศจิกายน,พ.ย|ธันวาคม,ธ.ค
tk ýanwar,ýan|fewral,few|mart,mar|aprel,apr|maý|iýun|iýul|awgust,awg|sentýabr,sen|oktýabr,okt|noýabr,noý|dekabr,dek
tn ferikgong|tlhakole|mopitlo|moranang|motsheganong|seetebosigo|phukwi|phatwe|lwetse|diphalane|ngwanatsele|sedimonthole
to sānuali|fēpueli|maʻasi|ʻepeleli|mē|sune|siulai|ʻaokosi|sēpitema|ʻokatopa|nōvema|tīsema
tr ocak,oca|şubat,şub|mart,mar|nisan,nis|mayıs,may|haziran,haz|temmuz,tem|ağustos,ağu|eylül,eyl|ekim,eki|kasım,kas|aralık,ara
tt гыйнвар,гыйн|февраль,фев|март,мар|апрель,апр|май|июнь|июль|август,авг|сентябрь,сент|октябрь,окт|ноябрь,нояб|декабрь,дек
ug يانۋار|فېۋرال|مارت|ئاپرېل|ماي|ئىيۇن|ئىيۇل|ئاۋغۇست|سېنتەبىر|ئۆكتەبىر|نويابىر|دېكابىر
uk січня,січ,січень|лютого,лют,лютий|березня,бер,березень|квітня,квіт,квітень|травня,трав,травень|червня,черв,червень|липня,лип,липень|серпня,серп,серпень|вересня,вер,вересень|жовтня,жовт,жовтень|листопада,лист,листопад|грудня,груд,грудень
ur جنوری|فروری|مارچ|اپریل|مئی|جون|جولائی|اگست|ستمبر|اکتوبر|نومبر|دسمبر
uz yanvar,yan|fevral,fev|mart,mar|aprel,apr|may|iyun,iyn|iyul,iyl|avgust,avg|sentabr,sen|oktabr,okt|noyabr,noy|dekabr,dek
uz январ,янв|феврал,фев|март,мар|апрел,апр|май|июн|июл|август,авг|сентябр,сен|октябр,окт|ноябр,ноя|декабр,дек
vec jenaro|febraro|marso|aprile|majo|jugno|lujo|agosto|setenbre|otobre|novenbre|dezenbre
wo samwiyee|fewriyee|mars|awril|mee|suwe|sulet|ut|sàttumbar|oktoobar|nowàmbar|desàmbar
xh janyuwari|februwari|matshi|epreli|meyi|juni|julayi|agasti|septemba|okthobha,okthoba|novemba|disemba
yi יאַנואַר,יאַנ|פֿעברואַר,פֿעב|מערץ|אַפּריל,אַפּר|מיי|יוני|יולי|אויגוסט,אויג|סעפּטעמבער,סעפּ|אקטאבער,אקט|נאוועמבער,נאוו|דעצעמבער,דעצ
yo oṣù ṣẹ́rẹ́|oṣù èrèlè|oṣù ẹrẹ̀nà|oṣù ìgbé|oṣù ẹ̀bibi|oṣù òkúdu|oṣù agẹmọ|oṣù ògún|oṣù owewe|oṣù ọ̀wàrà|oṣù bélú|oṣù ọ̀pẹ̀
zu januwari,jan|februwari,feb|mashi,mas|ephreli,eph|meyi,mey|juni,jun|julayi,jul|agasti,aga|septhemba,sep|okthoba,okt|novemba,nov|disemba,dis
"""
