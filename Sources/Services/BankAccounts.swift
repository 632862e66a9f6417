import Crypto
public import Domain
import FoundationEssentials
import Postgres

/// Where authorities are paid: entered by one person, typed again by others, sealed for everybody but finance.
public struct BankAccounts: Sendable {
    let platform: Platform

    /// Enters bank details of the award's authority. They count once others have verified them.
    public func enter(_ actor: Actor, for award: AwardID, _ details: BankDetails) async throws -> BankAccountID {
        let id = BankAccountID.fresh()
        let sealer = BankSealer(key: platform.configuration.sealingKey)
        return try await platform.write("bank_accounts.enter", actor, on: .award(award)) { tx, open in
            let (subject, found) = try tx.pipeline(open, AwardStatements.find(award).optional)
            let record = try found.orNotFound("award")
            let grant = try Awards.authorise(.bankEnter, record, subject)
            try details.problems.mustBeEmpty()
            let sealed = try sealer.seal(details, as: id)
            tx.queue(
                BankStatements.insert(
                    id, of: record.award.organisation, payee: details.name, sealed: sealed,
                    fingerprint: sealer.fingerprint(details), masked: details.masked, by: subject.person
                ).done)
            tx.queue(
                Record(subject, actor).event(
                    "bank.enter", on: .award(award), as: grant.capacity,
                    detail: ["account": "\(id)", "masked": details.masked]))
            return id
        }
    }

    /// Verifies the details that count: another person types them again, from the authority's own papers.
    public func verify(_ actor: Actor, for award: AwardID, _ id: BankAccountID, _ details: BankDetails) async throws {
        let sealer = BankSealer(key: platform.configuration.sealingKey)
        try await platform.write("bank_accounts.verify", actor, on: .award(award)) { tx, open in
            let (subject, found, standing) = try tx.pipeline(
                open, AwardStatements.find(award).optional, BankStatements.standing(of: award).optional)
            let record = try found.orNotFound("award")
            let grant = try Awards.authorise(.bankVerify, record, subject)
            try details.problems.mustBeEmpty()
            guard let standing else { throw Refusal.notFound("bank account") }
            guard standing.id == id else { throw Refusal.stale("bank account") }
            if let entered = standing.enteredBy {
                try BankDetails.verifierIsAnother(subject.person, enteredBy: entered).enforce()
            }
            tx.queue(
                BankStatements.verify(id, fingerprint: sealer.fingerprint(details), by: subject.person).done)
            tx.queue(
                Record(subject, actor).event(
                    "bank.verify", on: .award(award), as: grant.capacity,
                    detail: ["account": "\(id)", "masked": standing.masked]))
        }
    }

    /// The full details, for a finance officer with a reason; each look is recorded before it is answered.
    public func unmask(_ actor: Actor, for award: AwardID, _ id: BankAccountID, reason: String) async throws
        -> BankDetails
    {
        let sealer = BankSealer(key: platform.configuration.sealingKey)
        return try await platform.write("bank_accounts.unmask", actor, on: .award(award)) { tx, open in
            let (subject, found) = try tx.pipeline(open, AwardStatements.find(award).optional)
            let record = try found.orNotFound("award")
            _ = try Awards.authorise(.bankUnmask, record, subject)
            try Rules.reason(reason).enforce()
            return try sealer.open(try tx.run(BankStatements.unmask(id, because: reason, about: award).one), as: id)
        }
    }
}

/// Seals bank details, so that a copy of the database holds none. Bound to the row: sealed details moved to another row do
/// not open. The keys are made from the installation's sealing key, one for each purpose.
struct BankSealer: Sendable {
    let key: [UInt8]

    private func derived(_ purpose: String) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: key), info: Array(purpose.utf8), outputByteCount: 32)
    }

    func seal(_ details: BankDetails, as id: BankAccountID) throws -> [UInt8] {
        let plain = Array(try JSON.encode(details).utf8)
        let box = try AES.GCM.seal(
            plain, using: derived("bank-details"), authenticating: Array(id.description.utf8))
        guard let combined = box.combined else { throw SeedSealer.SealingFailed() }
        return Array(combined)
    }

    func open(_ sealed: [UInt8], as id: BankAccountID) throws -> BankDetails {
        let box = try AES.GCM.SealedBox(combined: sealed)
        let plain = try AES.GCM.open(box, using: derived("bank-details"), authenticating: Array(id.description.utf8))
        return try JSON.value(String(decoding: plain, as: UTF8.self))
    }

    /// A digest with a key of ours: the same details give the same one, and nobody can try all accounts against it.
    func fingerprint(_ details: BankDetails) -> [UInt8] {
        let text = "\(details.sortCode):\(details.account)"
        return Array(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: derived("bank-fingerprint")))
    }
}
