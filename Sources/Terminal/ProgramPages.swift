import Glibc

/// The memory pages of the program and its libraries that this process has mapped.
///
/// The start runs through much code that is not needed again. Its pages count as memory of the process while they are mapped.
package enum ProgramPages {
    /// Releases all pages that are the same as in their files. A page that is used again comes from the page cache of the
    /// system.
    package static func release() {
        for mapping in unchanged() { madvise(mapping.start, mapping.length, MADV_DONTNEED) }
    }

    struct Mapping: Equatable {
        let start: UnsafeMutableRawPointer
        let length: Int
    }

    /// The read-only mappings of files without a private page. Relocation, for example, changes pages before they become
    /// read-only.
    private static func unchanged() -> [Mapping] {
        guard let file = fopen("/proc/self/smaps", "re") else { return [] }
        defer { fclose(file) }
        var (line, capacity): (UnsafeMutablePointer<CChar>?, Int) = (nil, 0)
        defer { free(line) }
        var found: [Mapping] = []
        var current: Mapping?
        while getline(&line, &capacity, file) > 0, let text = line.map({ String(cString: $0) }) {
            if let head = Head(text) {
                current = head.isOfProgram && !head.isWritable ? head.mapping : nil
            } else if text.hasPrefix("Anonymous:"), let mapping = current {
                if text.split(separator: " ").dropFirst().first == "0" { found.append(mapping) }
            }
        }
        return found
    }

    /// The first line of a mapping (proc_pid_smaps(5)): `7f0c1000-7f0c3000 r-xp 00001000 fe:00 4711   /usr/lib/libc.so.6`.
    struct Head {
        let mapping: Mapping
        let isWritable: Bool
        /// Whether it maps the program or a shared library. These stay mapped; another file might be unmapped meanwhile.
        let isOfProgram: Bool

        private static let program = realpath("/proc/self/exe", nil).map { path in
            defer { free(path) }
            return String(cString: path)
        }

        init?(_ line: String) {
            let fields = line.split(separator: " ", maxSplits: 5)
            guard fields.count >= 5 else { return nil }
            let ends = fields[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
            guard ends.count == 2, ends[0] < ends[1], let start = UnsafeMutableRawPointer(bitPattern: ends[0]) else {
                return nil
            }
            mapping = Mapping(start: start, length: Int(ends[1] - ends[0]))
            isWritable = fields[1].contains("w")
            let path = fields.count > 5 ? fields[5].drop { $0 == " " }.prefix { $0 != "\n" } : ""
            isOfProgram = fields[4] != "0" && (path.contains(".so") || String(path) == Self.program)
        }
    }
}
