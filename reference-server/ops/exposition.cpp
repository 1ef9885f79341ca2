#include "reference-server/ops/exposition.hpp"

#include <prometheus/histogram.h>
#include <prometheus/text_serializer.h>

#include <utility>

namespace ops {

void exposition::counter(std::string_view name, std::string_view help, double value, labels of) {
  sample(prometheus::MetricType::Counter, name, help, std::move(of)).counter.value = value;
}

void exposition::gauge(std::string_view name, std::string_view help, double value, labels of) {
  sample(prometheus::MetricType::Gauge, name, help, std::move(of)).gauge.value = value;
}

void exposition::histogram(std::string_view name, std::string_view help, const prometheus::Histogram& seen, labels of) {
  sample(prometheus::MetricType::Histogram, name, help, std::move(of)).histogram = seen.Collect().histogram;
}

std::string exposition::text() const {
  return prometheus::TextSerializer().Serialize(families_);
}

prometheus::ClientMetric& exposition::sample(prometheus::MetricType type, std::string_view name, std::string_view help,
                                             labels of) {
  if (families_.empty() || families_.back().name != name) {
    families_.push_back({std::string(name), std::string(help), type, {}});
  }
  prometheus::ClientMetric& added = families_.back().metric.emplace_back();
  added.label = std::move(of);
  return added;
}

}  // namespace ops
