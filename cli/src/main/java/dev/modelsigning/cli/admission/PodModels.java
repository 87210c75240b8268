package dev.modelsigning.cli.admission;

import java.util.ArrayList;
import java.util.List;

/**
 * The models that a pod names.
 *
 * @param models those that can be looked at, in the order of the pod
 * @param problems what is wrong with how the pod names models, for its author; escaped
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
   * running pod is not kept from that by a policy that became stricter.
   */
  PodModels without(PodModels before) {
    List<NamedModel> added = new ArrayList<>(models);
    added.removeAll(before.models());
    List<String> wrong = new ArrayList<>(problems);
    wrong.removeAll(before.problems());
    return new PodModels(added, wrong);
  }
}
