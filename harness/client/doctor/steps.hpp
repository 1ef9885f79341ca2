// The steps of a visit, in their order; each does one thing that a person would try by hand, says in visit::step what
// came, and throws a failure when it cannot go on.
#pragma once

#include "harness/client/doctor/visit.hpp"

#include <cstddef>

namespace client::doctor {

// By HTTP (rest_steps.cpp).
void answers(visit& at, url where);  // any HTTP answer, redirects followed
// Makes users and their sessions; those that a store has kept need no log-in.
void log_in(visit& at, std::size_t users, std::shared_ptr<session_store> kept = {});
void try_own_credential(visit& at);
void try_bad_credential(visit& at);
void create(visit& at);
void list(visit& at);
void send(visit& at);
void history(visit& at);
void stranger(visit& at);

// What a file may leave out (measuring_steps.cpp, page_steps.cpp).
void create_again(visit& at);
bool has_pages(const visit& at);
void pages(visit& at);  // sends messages until one page does not hold them
void text(visit& at);
void no_session(visit& at);
void bad_input(visit& at);

// By sockets (socket_steps.cpp).
void open_socket(visit& at);
void wait_until_ready(visit& at);
void receive(visit& at);
void recognise(visit& at);  // the first message, sent since the socket was ready
void echo(visit& at);
void offline(visit& at);
void disconnect(visit& at);
void hang_up(visit& at);  // no step; whatever there is

}  // namespace client::doctor
