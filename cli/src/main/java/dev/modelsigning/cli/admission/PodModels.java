package dev.modelsigning.cli.admission;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The models that a pod names.
 *
 * @param models in the order of the pod, more than are looked at if that is the problem
 * @param problems what is wrong with how the pod names models, for its author; escaped. Two pods
 *     that name other models can have the same problem
 */
record PodModels(List<NamedModel> models, List<String> problems) {

  /** Of a review without a pod. */
  static final PodModels NONE = new PodModels(List.of(), List.of());

  /** Copies the lists. */
  PodModels {
    models = List.copyOf(models);
    problems = List.copyOf(problems);
  }

  /**
   * What this pod names and another one does not, or for other containers: a model that was there
   * before keeps the verdict that it had, so that whoever removes a label or a finalizer of a
   * running pod is not kept from that by a policy that became stricter. A problem was there before
   * only if all models were: what could not be looked at then may be anything.
   */
  PodModels without(PodModels before) {
    if (equals(before)) {
      return NONE;
    }
    Set<NamedModel> known = new HashSet<>(before.models());
    return new PodModels(
        models.stream().filter(model -> !known.contains(model)).toList(), problems);
  }
}
