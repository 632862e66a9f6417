import Domain
import Foundation
import Hummingbird
import Logging
import Metrics
import Postgres
import ServiceLifecycle
import Services
import UnixSignals
import Web

/// The server process: settings from the environment, everything wired, run until told to stop.
@main
enum Server {
    static func main() async {
        LoggingSystem.bootstrap { JSONLinesLogHandler(label: $0) }
        let logger = Logger(label: "touchstone-server")
        do {
            let settings = try ServerSettings.read()
            try await run(settings, logger)
        } catch let problem as StartProblem {
            FileHandle.standardError.write(Data("touchstone-server: \(problem.sentence)\n".utf8))
            exit(78)
        } catch {
            logger.critical("the server ended", metadata: ["error": "\(error)"])
            exit(1)
        }
    }

    private static func run(_ settings: ServerSettings, _ logger: Logger) async throws {
        let registry = PrometheusRegistry()
        MetricsSystem.bootstrap(registry)
        var application = DatabaseConfiguration(connection: settings.applicationConnection)
        application.applicationName = "touchstone"
        var worker = DatabaseConfiguration(connection: settings.workerConnection)
        worker.applicationName = "touchstone-worker"
        worker.readConnections = 1
        worker.writeConnections = 2
        worker.reportConnections = 1
        let database = Database(application, logger: logger)
        let workerDatabase = Database(worker, logger: logger)
        let core = Touchstone(
            database: database, worker: settings.isDemonstration ? workerDatabase : nil,
            configuration: settings.services,
            logger: logger)
        if settings.services.blocklist.isEmpty {
            logger.warning("no list of known passphrases: set TOUCHSTONE_BLOCKLIST to a file of them")
        }
        let clockwork = Touchstone(database: workerDatabase, configuration: settings.services, logger: logger)
        do {
            try check(await core.health.ready())
        } catch {
            await database.shutdown()
            await workerDatabase.shutdown()
            throw error
        }
        var web = WebConfiguration(secretKey: settings.secretKey)
        web.assetsFolder = settings.assetsFolder
        web.isDemonstration = settings.isDemonstration
        web.trustedProxies = settings.trustedProxies
        web.allowedHosts = settings.allowedHosts
        if settings.isBehindTLS, !settings.namesItsHosts {
            logger.warning(
                "only this machine's own names are served: set TOUCHSTONE_ALLOWED_HOSTS to the service's name")
        }
        web.contact = settings.contact
        web.metricsText = { registry.text() }
        let http = WebApplication.make(
            core: core, settings: web, host: settings.host, port: settings.port, logger: logger,
            onServerRunning: { port in
                logger.info("listening", metadata: ["host": "\(settings.host)", "port": "\(port)"])
            })
        // Services stop in reverse order: first the listener, then the clockwork, at last the database.
        let services: [any Service] = [
            database, workerDatabase, Clockwork(scheduler: Scheduler(clockwork), logger: logger), http,
        ]
        var configuration = ServiceGroupConfiguration(
            services: services.map { .init(service: $0) }, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(Limit.drainSeconds)
        configuration.maximumCancellationDuration = .seconds(5)
        try await ServiceGroup(configuration: configuration).run()
        logger.info("stopped")
    }

    /// A server on the wrong schema does harm; it says what to do instead of starting.
    private static func check(_ health: HealthReport) throws {
        guard health.databaseAnswers else {
            throw StartProblem("The database does not answer. Start it, or correct TOUCHSTONE_DATABASE_APP.")
        }
        guard health.isReady else {
            throw StartProblem(
                "The database is at schema \(health.revision ?? "none"); this server needs \(health.expectedRevision). "
                    + "Run: touchstone migrate")
        }
    }
}

/// The scheduled work, about once a second for as long as the server runs.
struct Clockwork: Service {
    let scheduler: Scheduler
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await scheduler.tick()
                // Several servers tick at once; a little unevenness keeps them from asking in step.
                try? await Task.sleep(for: .milliseconds(Int.random(in: 800...1200)))
            }
        }
    }
}
