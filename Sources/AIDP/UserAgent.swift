/// The `user-agent` header: `runtop/0.1.0 (Linux x86_64; Swift)`, and what `OCI_SDK_APPEND_USER_AGENT` adds.
package enum UserAgent {
    package static func text(version: String, environment: [String: String]) -> String {
        #if arch(x86_64)
            let machine = "x86_64"
        #else
            let machine = "arm64"
        #endif
        let own = "runtop/\(version) (Linux \(machine); Swift)"
        let added = environment["OCI_SDK_APPEND_USER_AGENT"].map(headerSafe) ?? ""
        return added.isEmpty ? own : own + " " + added
    }

    /// Visible ASCII and single spaces, at most 200 of them.
    private static func headerSafe(_ text: String) -> String {
        let visible = text.unicodeScalars.map { 0x21...0x7E ~= $0.value ? Character($0) : " " }
        return String(String(visible).split(separator: " ").joined(separator: " ").prefix(200))
    }
}
