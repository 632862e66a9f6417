import CPostgres

/// COPY. It is not for pipeline mode, which the connection leaves for as long as it takes.
extension Connection {
    /// Sends the rows that `body` writes; the result is what the server said in the end. Whatever cannot be known
    /// leaves the connection unusable; everything else leaves it as it was, in its transaction.
    func copyIn(
        _ text: String, _ stream: CopyStream, _ body: (inout CopyWriter) throws -> Void
    ) throws -> CopyOutcome {
        guard isQuiet else { throw ConnectionLost(.protocolViolation, message: "copy among other statements") }
        try leavePipeline()
        try sendAlone(text)
        while try !flush() { try stream.wait(writing: true) }
        let opening = try awaitResult(stream)
        guard opening.status == PGRES_COPY_IN else {
            // Refused before any row, such as for want of the table.
            let refusal = opening.isFailure ? opening.error.named(stream.name) : nil
            try endOfResults(stream)
            try enterPipeline()
            guard let refusal else { throw ConnectionLost(.protocolViolation, message: "that was no copy from stdin") }
            return CopyOutcome(affected: 0, failure: refusal, thrown: nil)
        }
        var writer = CopyWriter(stream)
        var thrown: (any Error)?
        do {
            try body(&writer)
            try writer.flush()
        } catch let lost as ConnectionLost {
            throw lost
        } catch {
            thrown = error
        }
        try stream.end(because: thrown == nil ? nil : "the sender gave up")
        let ending = try awaitResult(stream)
        let outcome = CopyOutcome(
            affected: ending.affected, failure: ending.isFailure ? ending.error.named(stream.name) : nil, thrown: thrown
        )
        try endOfResults(stream)
        try enterPipeline()
        return outcome
    }

    /// False when the socket takes no more now.
    func putCopyData(_ chunk: [UInt8]) throws(ConnectionLost) -> Bool {
        let taken = unsafe chunk.withUnsafeBytes { bytes in
            unsafe PQputCopyData(handle, bytes.bindMemory(to: CChar.self).baseAddress, Int32(bytes.count))
        }
        guard taken >= 0 else { throw lost() }
        return taken == 1
    }

    /// Ends the data; a message makes the server refuse what it got.
    func putCopyEnd(_ failure: String?) throws(ConnectionLost) -> Bool {
        let taken = if let failure { unsafe PQputCopyEnd(handle, failure) } else { unsafe PQputCopyEnd(handle, nil) }
        guard taken >= 0 else { throw lost() }
        return taken == 1
    }

    private func leavePipeline() throws(ConnectionLost) {
        guard unsafe PQexitPipelineMode(handle) == 1 else { throw lost(.protocolViolation) }
    }

    private func enterPipeline() throws(ConnectionLost) {
        guard unsafe PQenterPipelineMode(handle) == 1 else { throw lost(.protocolViolation) }
    }

    private func sendAlone(_ text: String) throws(ConnectionLost) {
        guard unsafe PQsendQuery(handle, text) == 1 else { throw lost() }
    }

    /// The next result, whatever it is.
    private func awaitResult(_ stream: CopyStream) throws(ConnectionLost) -> ResultHandle {
        while unsafe PQisBusy(handle) != 0 { try stream.wait(writing: false) }
        guard let pointer = unsafe PQgetResult(handle) else { throw lost(.protocolViolation) }
        let result = unsafe ResultHandle(owning: pointer)
        if result.isFatal { throw ConnectionLost(.closed, message: result.error.sqlState?.description ?? "") }
        return result
    }

    /// A command's results end with nothing; anything else was not expected.
    private func endOfResults(_ stream: CopyStream) throws(ConnectionLost) {
        while unsafe PQisBusy(handle) != 0 { try stream.wait(writing: false) }
        guard let pointer = unsafe PQgetResult(handle) else { return }
        _ = unsafe ResultHandle(owning: pointer)
        throw ConnectionLost(.protocolViolation, message: "more than one result of a copy")
    }
}

/// How a COPY ended.
struct CopyOutcome {
    /// Rows that the server took.
    let affected: Int
    /// Why the server refused them.
    let failure: StatementError?
    /// Why the body gave up; then the server's refusal is only the echo of that.
    let thrown: (any Error)?
}
