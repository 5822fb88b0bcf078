import Testing

@testable import OCIAuth

@Suite struct RegionTests {
    private func lookUp(
        _ name: String, _ variables: [String: String] = [:], files: InMemoryFiles = InMemoryFiles()
    ) throws(CredentialsError) -> RegionLookup.Found {
        let environment = Environment(variables.merging(["HOME": "/h"]) { given, _ in given })
        return try RegionLookup(environment: environment, files: files).region(.init(value: name, place: "--region"))
    }

    @Test(
        "a published region is found by its identifier or code, in any case",
        arguments: [
            ("us-ashburn-1", "us-ashburn-1", "oraclecloud.com"),
            ("iad", "us-ashburn-1", "oraclecloud.com"),
            ("IAD", "us-ashburn-1", "oraclecloud.com"),
            ("lej", "af-casablanca-1", "oraclecloud.com"),
            ("us-langley-1", "us-langley-1", "oraclegovcloud.com"),
            ("pia", "us-gov-chicago-1", "oraclegovcloud.com"),
            ("uk-gov-cardiff-1", "uk-gov-cardiff-1", "oraclegovcloud.uk"),
            ("ap-chiyoda-1", "ap-chiyoda-1", "oraclecloud8.com"),
            ("str", "eu-frankfurt-2", "oraclecloud.eu"),
            ("sa-riodejaneiro-1", "sa-riodejaneiro-1", "oraclecloud52.com"),
        ])
    func published(name: String, identifier: String, domain: String) throws {
        let found = try lookUp(name)
        #expect(found.region == Region(identifier: identifier, secondLevelDomain: domain))
        #expect(found.warning == nil)
    }

    @Test("the table has the 85 regions of Oracle's package, each with its own code")
    func size() {
        #expect(RegionTable.byName.keys.count == 170)
        #expect(RegionTable.byName.keys.filter { $0.count == 3 }.count == 85)
        for name in RegionTable.byName.keys where name.count != 3 {
            #expect(name.wholeMatch(of: /[a-z]{2}(-[a-z]+)+-[0-9]/) != nil, "\(name)")
        }
    }

    private let json =
        #"{"realmKey":"OC99","realmDomainComponent":"Lab.Example","regionKey":"LAB","regionIdentifier":"xx-lab-1"}"#

    @Test("an unpublished region is looked up in the regions file, by its identifier or code")
    func regionsFile() throws {
        let files = InMemoryFiles(["/h/.oci/regions-config.json": "[{}, \(json)]"])
        for name in ["xx-lab-1", "lab"] {
            let found = try lookUp(name, ["OCI_DEFAULT_REALM": "other.example"], files: files)
            #expect(found.region == Region(identifier: "xx-lab-1", secondLevelDomain: "lab.example"))
        }
    }

    @Test("the regions file comes before OCI_REGION_METADATA, and both before a name with dots")
    func order() throws {
        let files = InMemoryFiles(["/h/.oci/regions-config.json": "[\(json)]"])
        let other = ["OCI_REGION_METADATA": json.replacing("Lab.Example", with: "other.example")]
        #expect(try lookUp("lab", other, files: files).region.secondLevelDomain == "lab.example")
        #expect(try lookUp("lab", other, files: files).rule.table == .regionsConfigFile)
        #expect(try lookUp("lab", other).region.secondLevelDomain == "other.example")
        let dotted = ["OCI_REGION_METADATA": json.replacing("xx-lab-1", with: "xx.lab")]
        #expect(try lookUp("xx.lab", dotted).rule.table == .regionMetadata)
    }

    @Test("the setting that named a region and the table with its domain are reported")
    func rules() throws {
        func table(_ name: String, _ variables: [String: String] = [:]) throws -> RegionRule.Table {
            let found = try lookUp(name, variables)
            #expect(found.rule.namedBy == "--region")
            return found.rule.table
        }
        #expect(try table("iad") == .published)
        #expect(try table("lab", ["OCI_REGION_METADATA": json]) == .regionMetadata)
        #expect(try table("a.b") == .wholeDomain)
        #expect(try table("xx-lab-1", ["OCI_DEFAULT_REALM": "Other.Example"]) == .defaultRealm)
        #expect(try table("xx-lab-1") == .assumed)
        #expect(
            try lookUp("xx-lab-1", ["OCI_DEFAULT_REALM": "Other.Example"]).region.secondLevelDomain == "other.example")
    }

    @Test(
        "an entry that is incomplete, or invalid in a host name, is ignored",
        arguments: [
            #"{"regionIdentifier":"xx-lab-1"}"#, #"{"realmDomainComponent":"lab.example"}"#,
            #"{"realmDomainComponent":"a/b","regionIdentifier":"xx-lab-1"}"#,
            #"{"realmDomainComponent":"lab.example","regionIdentifier":"xx lab","regionKey":"xx-lab-1"}"#,
        ])
    func uselessEntry(_ entry: String) throws {
        #expect(try lookUp("xx-lab-1", ["OCI_REGION_METADATA": entry]).rule.table == .assumed)
    }

    @Test("a realm that is not a domain is rejected", arguments: ["a b", "https://x", ".", "a..b"])
    func malformedRealm(_ realm: String) throws {
        let error = try #require(throws: CredentialsError.self) { try lookUp("xx-lab-1", ["OCI_DEFAULT_REALM": realm]) }
        #expect(error.problem == "OCI_DEFAULT_REALM is not a domain.")
        #expect(error.topic == .region)
        #expect(try lookUp("iad", ["OCI_DEFAULT_REALM": realm]).rule.table == .published)
    }

    @Test("next comes OCI_REGION_METADATA")
    func metadata() throws {
        let found = try lookUp("lab", ["OCI_REGION_METADATA": json, "OCI_DEFAULT_REALM": "other.example"])
        #expect(found.region == Region(identifier: "xx-lab-1", secondLevelDomain: "lab.example"))
    }

    @Test("next, a name with dots is the whole domain")
    func wholeDomain() throws {
        let found = try lookUp("xx-lab-1.Lab.Example", ["OCI_DEFAULT_REALM": "other.example"])
        #expect(found.region.host("service.{region}.oci.{secondLevelDomain}") == "service.xx-lab-1.lab.example")
        #expect(found.warning == nil)
    }

    @Test("next, OCI_DEFAULT_REALM is the domain")
    func defaultRealm() throws {
        let found = try lookUp(
            "xx-lab-1",
            ["OCI_REGION_METADATA": json.replacing("lab-1", with: "lab-2"), "OCI_DEFAULT_REALM": "other.example"])
        #expect(found.region == Region(identifier: "xx-lab-1", secondLevelDomain: "other.example"))
        #expect(found.warning == nil)
    }

    @Test("finally oc1 is assumed, with a warning")
    func assumed() throws {
        let found = try lookUp("xx-lab-1")
        #expect(found.region.secondLevelDomain == "oraclecloud.com")
        #expect(found.warning == .unknownRegion("xx-lab-1", assumedDomain: "oraclecloud.com"))
    }

    @Test("a host is created from a template")
    func host() throws {
        let region = try lookUp("phx").region
        #expect(region.host("service.{region}.oci.{secondLevelDomain}") == "service.us-phoenix-1.oci.oraclecloud.com")
    }

    @Test(
        "a name that is invalid in a host name is rejected", arguments: ["us ashburn", "a/b", "é", "a..b", ".", "a@b"])
    func malformedName(_ name: String) throws {
        let error = try #require(throws: CredentialsError.self) { try lookUp(name) }
        #expect(error.problem.hasPrefix("The region from --region is not a region's name"))
    }

    @Test("invalid descriptions of regions are errors, but only when they are needed")
    func malformedDescriptions() throws {
        let files = InMemoryFiles(["/h/.oci/regions-config.json": "{"])
        let inFile = try #require(throws: CredentialsError.self) { try lookUp("xx-lab-1", files: files) }
        #expect(inFile.problem.contains("/h/.oci/regions-config.json"))
        #expect(try lookUp("iad", files: files).region.identifier == "us-ashburn-1")
        let variable = ["OCI_REGION_METADATA": "["]
        let inVariable = try #require(throws: CredentialsError.self) { try lookUp("xx-lab-1", variable) }
        #expect(inVariable.problem.contains("OCI_REGION_METADATA"))
    }
}
