// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/plan/step.h"

#include <utility>

namespace ipxlat {

std::string describe(const Step& step) {
  return std::visit(
      [&](const auto& resource) {
        using Kind = std::decay_t<decltype(resource)>;
        return resource.describe(step.action, step.former ? &std::get<Kind>(*step.former) : nullptr);
      },
      step.resource);
}

Step undo(Step step) {
  switch (step.action) {
    case Action::kPut:
      step.action = Action::kDrop;
      break;
    case Action::kDrop:
      step.action = Action::kPut;
      break;
    case Action::kChange:
      std::swap(step.resource, step.former.value());
      break;
  }
  return step;
}

}  // namespace ipxlat
