import Foundation
import TestSupport
import Testing

/// The service behind TLS and a proxy, with a name that only the proxy can resolve.
@Suite("Through a proxy", .blocking)
struct ProxyTests {
    @Test("the requests arrive inside TLS, and only the proxy receives its credentials")
    func through() throws {
        let service = try Service("--jobs", "2")
        let proxy = try TLSProxy(to: service)
        let runs = try service.runtop(["runs", "--output", "jsonl"], changing: proxy.variables("me:hunter2"))
        #expect(runs.status == 0, "\(runs.errors)")
        #expect(!runs.output.isEmpty, "\(runs.errors)")
        let lines = try proxy.lines
        #expect(!lines.isEmpty, "\(lines)")
        #expect(lines.allSatisfy { $0 == "CONNECT \(TLSProxy.host):443 HTTP/1.1 allowed " }, "\(lines)")
        let doctor = try service.runtop(["doctor"], changing: proxy.variables("me:hunter2"))
        #expect(doctor.status == 0, "\(doctor.output)")
        #expect(doctor.output.contains("http://127.0.0.1:\(proxy.port), from HTTPS_PROXY"), "\(doctor.output)")
        #expect(!doctor.output.contains("hunter2"))
    }

    @Test("the proxy is reached by name even if some addresses of that name do not answer")
    func named() throws {
        let service = try Service("--jobs", "2")
        let proxy = try TLSProxy(to: service)
        // It listens only on 127.0.0.1. With IPv6, localhost is also ::1.
        let variables = proxy.variables("me:hunter2").merging([
            "HTTPS_PROXY": "http://me:hunter2@localhost:\(proxy.port)"
        ]) { $1 }
        let doctor = try service.runtop(["doctor"], changing: variables)
        #expect(doctor.status == 0, "\(doctor.output)")
        #expect(doctor.output.contains("through the proxy"), "\(doctor.output)")
    }

    @Test("a proxy that rejects the connection is reported as the cause")
    func refused() throws {
        let service = try Service("--jobs", "2")
        let proxy = try TLSProxy(to: service)
        let runs = try service.runtop(["runs"], changing: proxy.variables("me:wrong"))
        #expect(runs.status == 77, "\(runs.status) \(runs.errors)")
        #expect(runs.errors.contains("the proxy requires"), "\(runs.status) \(runs.errors)")
        #expect(runs.errors.contains("http://user:password@host:port"))
        // One request only, because repeated wrong passwords lock an account.
        #expect(try proxy.lines.count == 1)
        #expect(try proxy.lines.allSatisfy { $0.contains("refused") })
    }

    @Test("through a proxy, an authority that was not given is not trusted either")
    func untrusted() throws {
        let service = try Service("--jobs", "2")
        let proxy = try TLSProxy(to: service)
        let variables = proxy.variables("me:hunter2").merging(["OCI_CLI_CERT_BUNDLE": ""]) { $1 }
        let runs = try service.runtop(["runs"], changing: variables)
        #expect(runs.status == 69, "\(runs.errors)")
        #expect(runs.errors.contains("certificate is not trusted"), "\(runs.errors)")
        let ours = try service.runtop(
            ["runs", "--ca-bundle", proxy.folder.file("certificate.pem").path], changing: variables)
        #expect(ours.status == 0, "\(ours.errors)")
    }
}
