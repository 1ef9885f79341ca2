#include "harness/client/http/witness.hpp"

namespace client::http {

asio::execution_context::id witness::id;

}  // namespace client::http
