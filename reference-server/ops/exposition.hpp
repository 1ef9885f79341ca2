// What /metrics answers, built anew for each scrape from plain counters of the parts: prometheus-cpp's model and text
// serialiser, without its registry and its server, so that counting costs an addition and scraping runs on the loop.
// A plain value on the stack of one answer.
#pragma once

#include <prometheus/metric_family.h>

#include <string>
#include <string_view>
#include <vector>

namespace prometheus {
class Histogram;
}

namespace ops {

class exposition {
 public:
  using labels = std::vector<prometheus::ClientMetric::Label>;

  static constexpr std::string_view content_type = "text/plain; version=0.0.4; charset=utf-8";

  // Samples of one family (same name) have to follow each other.
  void counter(std::string_view name, std::string_view help, double value, labels of = {});
  void gauge(std::string_view name, std::string_view help, double value, labels of = {});
  void histogram(std::string_view name, std::string_view help, const prometheus::Histogram& seen, labels of = {});

  std::string text() const;

 private:
  prometheus::ClientMetric& sample(prometheus::MetricType type, std::string_view name, std::string_view help,
                                   labels of);

  std::vector<prometheus::MetricFamily> families_;
};

}  // namespace ops
