#include "harness/stack/recipe.hpp"

#include <sys/ipc.h>
#include <sys/shm.h>

#include <fstream>
#include <sstream>

namespace stack {
namespace fs = std::filesystem;
namespace {

constexpr const char* socket_port = "5432";  // names the socket file only

class postgres final : public recipe {
 public:
  postgres(const account& who, fs::path initdb, fs::path server, fs::path cluster, fs::path sockets,
           std::vector<std::string> more)
      : who_(who),
        initdb_(std::move(initdb)),
        server_(std::move(server)),
        cluster_(std::move(cluster)),
        sockets_(std::move(sockets)),
        more_(std::move(more)) {}

  start_result<std::optional<process::program>> preparation() override {
    std::error_code problem;
    if (fs::exists(cluster_ / "PG_VERSION", problem)) return std::optional<process::program>{};
    // Under another name until it is whole: an initdb that was killed must not be taken for a cluster later.
    fs::remove_all(unfinished(), problem);
    if (auto made = make_folder(who_, unfinished()); !made) return made.error();
    process::program run = common();
    run.file = initdb_;
    run.arguments = {
        "--pgdata", unfinished().string(), "--username", "rollcall",         "--auth", "trust", "--encoding",
        "UTF8",     "--no-locale",         "--no-sync",  "--no-instructions"};
    return std::optional<process::program>(std::move(run));
  }

  start_result<void> prepared() override {
    std::error_code problem;
    fs::rename(unfinished(), cluster_, problem);
    if (problem) return system_failure("rename " + unfinished().string(), problem.value());
    return {};
  }

  start_result<process::program> main_program() override {
    process::program run = common();
    run.file = server_;
    run.arguments = {"-D", cluster_.string(), "-k", sockets_.string(), "-p", socket_port};
    for (const char* setting :
         {"listen_addresses=", "unix_socket_permissions=0700", "fsync=on", "synchronous_commit=on",
          "logging_collector=off", "log_destination=stderr", "log_min_messages=warning",
          // On disk rather than in /dev/shm, where files would outlive a SIGKILL.
          "dynamic_shared_memory_type=mmap"}) {
      run.arguments.insert(run.arguments.end(), {"-c", setting});
    }
    run.arguments.insert(run.arguments.end(), more_.begin(), more_.end());
    run.dies_with_us = SIGINT;
    return run;
  }

  // The postmaster itself writes this file; its first line is its process, its eighth its state.
  bool ready(pid_t pid) override {
    std::ifstream file(cluster_ / "postmaster.pid");
    std::string line;
    for (int number = 1; std::getline(file, line); ++number) {
      if (number == 1 && line != std::to_string(pid)) return false;
      if (number == 8) return line.starts_with("ready");
    }
    return false;
  }

  int stop_signal() const noexcept override { return SIGINT; }
  int second_signal() const noexcept override { return SIGQUIT; }

  // A killed postmaster, or a killed initdb, leaves its System V segment to a successor; without one it would stay for
  // ever.
  void clear() noexcept override {
    remove_segment_of(cluster_);
    remove_segment_of(unfinished());
  }

  std::string address() const override { return (sockets_ / (std::string(".s.PGSQL.") + socket_port)).string(); }

 private:
  fs::path unfinished() const { return fs::path(cluster_) += ".new"; }
  process::program common() const {
    process::program run;
    run.environment = process::clean_environment();
    run.run_as = &who_;
    run.directory = sockets_;
    return run;
  }

  // The seventh line of its lock file holds the segment's key and id.
  void remove_segment_of(const fs::path& cluster) const {
    std::ifstream file(cluster / "postmaster.pid");
    std::string line;
    for (int number = 1; number <= 7; ++number) {
      if (!std::getline(file, line)) return;
    }
    std::istringstream fields(line);
    unsigned long key = 0;
    int segment = 0;
    shmid_ds found{};
    if (fields >> key >> segment && ::shmctl(segment, IPC_STAT, &found) == 0 && found.shm_nattch == 0 &&
        found.shm_perm.uid == who_.uid) {
      ::shmctl(segment, IPC_RMID, nullptr);
    }
  }

  const account& who_;
  fs::path initdb_, server_, cluster_, sockets_;
  std::vector<std::string> more_;
};

}  // namespace

std::unique_ptr<recipe> make_postgres(const account& who, const fs::path& initdb, const fs::path& server,
                                      const fs::path& cluster, const fs::path& sockets, std::vector<std::string> more) {
  return std::make_unique<postgres>(who, initdb, server, cluster, sockets, std::move(more));
}

std::string postgres_conninfo(const fs::path& sockets) {
  // Quoted: TMPDIR may hold anything.
  std::string host;
  for (const char letter : sockets.string()) {
    if (letter == '\'' || letter == '\\') host += '\\';
    host += letter;
  }
  return "host='" + host + "' port=" + socket_port + " user=rollcall dbname=postgres";
}

}  // namespace stack
