#include "loadgen/run/audit.hpp"

#include "harness/record/describe.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace loadgen {

namespace {

constexpr double per_ms = 1000;  // histograms count microseconds

const latency_pair& latency_of(const final_report& in, std::string_view subject) {
  if (subject == "ack") return in.ack;
  return subject == "delivery" ? in.delivery : in.ready;
}

double share(std::uint64_t part, std::uint64_t of) {
  return of == 0 ? 0 : static_cast<double>(part) / static_cast<double>(of);
}

std::uint64_t not_sent(const final_report& in) {
  return std::accumulate(in.not_sent.begin(), in.not_sent.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const auto& each) { return sum + each.second; });
}

// Values up to the limit, by the histogram's slots: a slot that reaches beyond it counts as not within.
double share_within(const record::histogram& of, std::uint64_t limit_us) {
  std::uint64_t within = 0;
  for (std::size_t slot = 0; slot < of.slots_in_use() && record::histogram::highest_in(slot) <= limit_us; ++slot) {
    within += of.count_in(slot);
  }
  return share(within, of.count());
}

std::string milliseconds(double ns) {
  return fmt::format("{:.4g} ms", ns / 1e6);
}

}  // namespace

std::uint64_t count_of(const record::ledger_summary& in, std::string_view name) {
  const auto found = std::ranges::find(in.counts, name, &std::pair<std::string, std::uint64_t>::first);
  return found == in.counts.end() ? 0 : found->second;
}

record::generator_audit audit(const final_report& of, double late_share_limit, double lag_limit_ms, double cores_busy,
                              std::uint32_t cores) {
  record::generator_audit out;
  out.intended = of.intended;
  out.on_time = of.on_time;
  out.late = of.late;
  out.not_sent.assign(of.not_sent.begin(), of.not_sent.end());
  out.late_share = share(of.late, of.intended);
  out.late_share_limit = late_share_limit;
  out.lag_p99_ms = static_cast<double>(of.lag.percentile(99)) / per_ms;
  out.lag_max_ms = static_cast<double>(of.lag.max()) / per_ms;
  out.lag_limit_ms = lag_limit_ms;
  out.cores_busy = cores_busy;
  out.cores = cores;
  out.waited_for_connection = of.waited_for_connection;
  if (out.late_share > late_share_limit) {
    out.problem = fmt::format("{:.2g} % of sends over 10 ms behind plan (limit {:g} %)", 100 * out.late_share,
                              100 * late_share_limit);
  } else if (out.lag_p99_ms > lag_limit_ms) {
    out.problem = fmt::format("its loop's lag p99 was {:.3g} ms (limit {:g} ms)", out.lag_p99_ms, lag_limit_ms);
  }
  out.kept_up = out.problem.empty();
  return out;
}

record::coverage cover(const final_report& of, double owed_share_limit, std::uint64_t owed_limit) {
  record::coverage out;
  out.sent = count_of(of.ledger, "sent");
  out.owed = count_of(of.ledger, "owed");
  out.uncertain = count_of(of.ledger, "uncertain");
  out.offline = of.offline;
  out.coming_or_going = of.coming_or_going;
  out.owed_share = share(out.owed, out.owed + out.uncertain + count_of(of.ledger, "missed_in_warm_up"));
  out.owed_share_limit = owed_share_limit;
  out.owed_limit = owed_limit;
  if (out.owed < owed_limit) {
    out.problem =
        fmt::format("only {} messages were owed to a connected user (at least {} are asked for)", out.owed, owed_limit);
  } else if (out.owed_share < owed_share_limit) {
    out.problem = fmt::format(
        "only {:.0f} % of what might have been owed could be judged (at least {:.0f} % is asked "
        "for)",
        100 * out.owed_share, 100 * owed_share_limit);
  }
  out.enough = out.problem.empty();
  return out;
}

record::objective judge(const objective& of, const final_report& by) {
  record::objective out{.text = of.text, .actual = {}, .ok = false, .standing = of.standing};
  double actual = 0;
  switch (of.what) {
    case objective::measure::count: {
      std::string name = of.subject;
      std::ranges::replace(name, '_', ' ');
      const auto found = by.classes.find(name);
      actual = found == by.classes.end() ? 0 : static_cast<double>(found->second);
      out.actual = fmt::format("{:.0f}", actual);
      break;
    }
    case objective::measure::share: {
      const bool plan = of.subject == "not_sent";
      const auto part = plan ? not_sent(by) : count_of(by.ledger, of.subject);
      const auto all = plan ? by.intended : count_of(by.ledger, "sent");
      actual = share(part, all);
      out.actual = fmt::format("{:.3g} % ({} of {})", 100 * actual, part, all);
      break;
    }
    default: {
      const auto& measured = latency_of(by, of.subject).intended;
      if (measured.empty()) {
        out.actual = "nothing was measured";
        return out;
      }
      if (of.what == objective::measure::within) {
        actual = share_within(measured, static_cast<std::uint64_t>(of.within.count() / 1000));
        out.actual = fmt::format("{:.4g} %", 100 * actual);
      } else {
        const double us = of.what == objective::measure::mean ? measured.mean()
                          : of.what == objective::measure::max
                              ? static_cast<double>(measured.max())
                              : static_cast<double>(measured.percentile(of.percentile));
        actual = us * 1000;
        out.actual = milliseconds(actual);
      }
    }
  }
  out.ok = holds(of.compare, actual, of.limit);
  return out;
}

bool is_latency(const objective& of) {
  return of.what != objective::measure::count && of.what != objective::measure::share;
}

std::vector<record::latency> describe_latencies(const final_report& of) {
  const auto one = [](const char* name, const char* meaning, const latency_pair& pair) {
    return record::latency{.name = name,
                           .meaning = meaning,
                           .from_intended = record::describe(pair.intended),
                           .from_actual_start = record::describe(pair.actual)};
  };
  return {one("ack", "from a send's intended start to the last byte of its answer", of.ack),
          one("delivery", "from a send's intended start to its frame on the recipient's socket", of.delivery),
          one("ready", "from the intended connect to the ready event", of.ready)};
}

}  // namespace loadgen
