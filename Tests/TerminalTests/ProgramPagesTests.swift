import Testing

@testable import Terminal

@Suite("The pages of the program")
struct ProgramPagesTests {
    @Test("the first line of a mapping says where it is, what it allows and whether it is of the program")
    func heads() throws {
        let code = try #require(
            ProgramPages.Head("7f0c1000-7f0c3000 r-xp 00001000 fe:00 4711                       /usr/lib/a file.so\n"))
        #expect(
            code.mapping == ProgramPages.Mapping(start: try #require(.init(bitPattern: 0x7f0c_1000)), length: 0x2000))
        #expect(code.isOfProgram && !code.isWritable)
        let data = try #require(ProgramPages.Head("7f0c1000-7f0c3000 r--p 00000000 fe:00 4711   /tmp/data\n"))
        #expect(!data.isOfProgram, "it may be unmapped at any time")
        let heap = try #require(ProgramPages.Head("55d0f000-55d30000 rw-p 00000000 00:00 0          [heap]\n"))
        #expect(!heap.isOfProgram && heap.isWritable)
        let stack = try #require(ProgramPages.Head("7ffc1000-7ffc3000 r--p 00000000 00:00 0 \n"))
        #expect(!stack.isOfProgram && !stack.isWritable)
    }

    @Test(
        "other lines are no mapping",
        arguments: ["Rss:                  12 kB\n", "VmFlags: rd ex mr mw me\n", "", "z-y r-xp 0 fe:00 1 /a\n"])
    func otherLines(line: String) { #expect(ProgramPages.Head(line) == nil) }

    @Test("releases pages without changing the program's data")
    func released() {
        let kept = (0..<10_000).map { "text \($0)" }
        ProgramPages.release()
        #expect(kept.enumerated().allSatisfy { $1 == "text \($0)" })
    }
}
