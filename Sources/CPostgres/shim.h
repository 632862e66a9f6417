#ifndef CPOSTGRES_SHIM_H
#define CPOSTGRES_SHIM_H
#include <libpq-fe.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>

/* prctl takes a variable number of arguments, which Swift cannot call. */
static inline void cpostgres_name_thread(const char *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }

/* libpq prints notices on stderr unless told otherwise; a server's remarks do not belong there. */
static inline void cpostgres_drop_notice(void *context, const PGresult *notice) { (void)context; (void)notice; }
static inline void cpostgres_drop_notices(PGconn *connection) {
    PQsetNoticeReceiver(connection, cpostgres_drop_notice, 0);
}
#endif
