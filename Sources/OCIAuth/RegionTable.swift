/// The regions and realms that Oracle has published (the `oci` package 2.189).
///
/// `RegionLookup` finds newer regions in the other tables of the OCI tools.
enum RegionTable {
    /// The second-level domain of a realm, and the realm's regions as pairs of words: `code identifier`.
    private struct Realm {
        let domain: String
        let regions: String
    }

    /// Every region by its identifier and by its short code.
    static let byName: [String: Region] = {
        var regions: [String: Region] = [:]
        for realm in realms {
            let words = realm.regions.split(separator: " ").map(String.init)
            for index in stride(from: 0, to: words.count - 1, by: 2) {
                let (code, identifier) = (words[index], words[index + 1])
                let region = Region(identifier: identifier, secondLevelDomain: realm.domain)
                regions[code] = region
                regions[identifier] = region
            }
        }
        return regions
    }()

    private static let realms = [
        // oc1
        Realm(
            domain: "oraclecloud.com",
            regions: """
                yny ap-chuncheon-1 hyd ap-hyderabad-1 mel ap-melbourne-1 bom ap-mumbai-1 kix ap-osaka-1 \
                icn ap-seoul-1 syd ap-sydney-1 nrt ap-tokyo-1 yul ca-montreal-1 yyz ca-toronto-1 \
                ams eu-amsterdam-1 fra eu-frankfurt-1 zrh eu-zurich-1 jed me-jeddah-1 dxb me-dubai-1 \
                gru sa-saopaulo-1 cwl uk-cardiff-1 lhr uk-london-1 iad us-ashburn-1 phx us-phoenix-1 \
                sjc us-sanjose-1 vcp sa-vinhedo-1 scl sa-santiago-1 mtz il-jerusalem-1 mrs eu-marseille-1 \
                sin ap-singapore-1 auh me-abudhabi-1 lin eu-milan-1 arn eu-stockholm-1 \
                jnb af-johannesburg-1 cdg eu-paris-1 qro mx-queretaro-1 mad eu-madrid-1 ord us-chicago-1 \
                mty mx-monterrey-1 aga us-saltlake-2 bog sa-bogota-1 vap sa-valparaiso-1 \
                xsp ap-singapore-2 ruh me-riyadh-1 onm ap-delhi-1 hsg ap-batam-1 orf eu-madrid-3 \
                nrq eu-turin-1 jbp ap-kulai-2 lej af-casablanca-1
                """),
        // oc2
        Realm(
            domain: "oraclegovcloud.com",
            regions: """
                lfi us-langley-1 luf us-luke-1
                """),
        // oc3
        Realm(
            domain: "oraclegovcloud.com",
            regions: """
                ric us-gov-ashburn-1 pia us-gov-chicago-1 tus us-gov-phoenix-1
                """),
        // oc4
        Realm(
            domain: "oraclegovcloud.uk",
            regions: """
                ltn uk-gov-london-1 brs uk-gov-cardiff-1
                """),
        // oc8
        Realm(
            domain: "oraclecloud8.com",
            regions: """
                nja ap-chiyoda-1 ukb ap-ibaraki-1
                """),
        // oc9
        Realm(
            domain: "oraclecloud9.com",
            regions: """
                mct me-dcc-muscat-1 ibr me-ibri-1
                """),
        // oc10
        Realm(
            domain: "oraclecloud10.com",
            regions: """
                wga ap-dcc-canberra-1
                """),
        // oc14
        Realm(
            domain: "oraclecloud14.com",
            regions: """
                bgy eu-dcc-milan-1 mxp eu-dcc-milan-2 snn eu-dcc-dublin-2 dtm eu-dcc-rating-2 \
                dus eu-dcc-rating-1 ork eu-dcc-dublin-1
                """),
        // oc15
        Realm(
            domain: "oraclecloud15.com",
            regions: """
                dac ap-dcc-gazipur-1
                """),
        // oc19
        Realm(
            domain: "oraclecloud.eu",
            regions: """
                vll eu-madrid-2 str eu-frankfurt-2
                """),
        // oc20
        Realm(
            domain: "oraclecloud20.com",
            regions: """
                beg eu-jovanovac-1
                """),
        // oc21
        Realm(
            domain: "oraclecloud21.com",
            regions: """
                doh me-dcc-doha-1 vve me-alrayyan-1
                """),
        // oc23
        Realm(
            domain: "oraclecloud23.com",
            regions: """
                ebb us-somerset-1 ebl us-thames-1
                """),
        // oc24
        Realm(
            domain: "oraclecloud24.com",
            regions: """
                avz eu-dcc-zurich-1 avf eu-crissier-1
                """),
        // oc26
        Realm(
            domain: "oraclecloud26.com",
            regions: """
                ahu me-abudhabi-3 rba me-alain-1
                """),
        // oc29
        Realm(
            domain: "oraclecloud29.com",
            regions: """
                rkt me-abudhabi-2 shj me-abudhabi-4
                """),
        // oc35
        Realm(
            domain: "oraclecloud35.com",
            regions: """
                dtz ap-seoul-2 dln ap-suwon-1 bno ap-chuncheon-2
                """),
        // oc42
        Realm(
            domain: "oraclecloud42.com",
            regions: """
                yxj us-ashburn-2 pgc us-newark-1
                """),
        // oc51
        Realm(
            domain: "oraclecloud51.com",
            regions: """
                jsk eu-budapest-1
                """),
        // oc52
        Realm(
            domain: "oraclecloud52.com",
            regions: """
                hnw sa-riodejaneiro-1
                """),
    ]
}
