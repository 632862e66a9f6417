import CPostgres

extension Connection {
    /// The notifications that have come; taking them does not block.
    func notifications() -> [Notification] {
        var notifications: [Notification] = []
        while let notification = unsafe nextNotification() {
            unsafe notifications.append(
                .message(
                    channel: String(cString: notification.pointee.relname),
                    payload: String(cString: notification.pointee.extra)))
            unsafe PQfreemem(notification)
        }
        return notifications
    }
}
