package dev.modelsigning.predicate;

import dev.modelsigning.facts.CardEntry.Field;
import dev.modelsigning.internal.card.License;
import java.util.List;
import java.util.function.Predicate;

/**
 * The elements of "Software Bill of Materials for AI - Minimum Elements" (G7 Cybersecurity Working
 * Group, 12 May 2026), and whether a bill of materials of ours has them. The author's signature is
 * that of the attestation.
 *
 * @param name the cluster and the element, for display
 * @param isPresent whether it is there
 */
record MinimumElement(String name, Predicate<BomContent> isPresent) {

  private static final Predicate<BomContent> ALWAYS = content -> true;

  /** Facts that neither the files nor the card of a model tell. */
  private static final Predicate<BomContent> NEVER = content -> false;

  private static final List<MinimumElement> ALL =
      List.of(
          of("metadata: SBOM author", content -> !content.given().authors().isEmpty()),
          of("metadata: SBOM version", ALWAYS),
          of("metadata: SBOM data format name and version", ALWAYS),
          of("metadata: SBOM author signature", ALWAYS),
          of("metadata: SBOM tool name and version", ALWAYS),
          of("metadata: SBOM generation context", ALWAYS),
          of("metadata: SBOM timestamp", ALWAYS),
          of("metadata: SBOM dependency relationship", ALWAYS),
          of("system: name", NEVER),
          of("system: components", NEVER),
          of("system: producer", NEVER),
          of("system: version", NEVER),
          of("system: timestamp", NEVER),
          of("system: data flow", NEVER),
          of("system: data usage", NEVER),
          of("system: input and output properties", NEVER),
          of("system: intended application area", NEVER),
          of("model: name", ALWAYS),
          of("model: identifier", ALWAYS),
          of("model: version", content -> content.given().modelVersion().isPresent()),
          of("model: timestamp", NEVER),
          of("model: producer", content -> content.given().supplier().isPresent()),
          of("model: description", NEVER),
          of("model: hash value and algorithm", ALWAYS),
          of("model: files", BomContent::listsFiles),
          of(
              "model: properties",
              content ->
                  content.card().text(Field.ARCHITECTURE).isPresent()
                      || content.card().text(Field.MODEL_TYPE).isPresent()),
          of("model: input and output properties", NEVER),
          of("model: training properties", NEVER),
          of("model: license", content -> content.licenses().stream().anyMatch(License::isKnown)),
          of("model: external references", NEVER),
          of("dataset: name", content -> !content.datasets().isEmpty()),
          of("dataset: description", NEVER),
          of("dataset: content", NEVER),
          of("dataset: identifier", MinimumElement::knowsDatasets),
          of("dataset: hash", MinimumElement::knowsDatasets),
          of("dataset: provenance", NEVER),
          of("dataset: statistical properties", NEVER),
          of("dataset: sensitivity", NEVER),
          of("dataset: dependency relationship", content -> !content.datasets().isEmpty()),
          of("dataset: license", NEVER),
          of("infrastructure: software", content -> content.card().text(Field.LIBRARY).isPresent()),
          of("infrastructure: hardware", NEVER),
          of("security: controls", NEVER),
          of("security: compliance", NEVER),
          of("security: policy information", NEVER),
          of("security: vulnerability referencing", NEVER),
          of("performance: security metrics", NEVER),
          of("performance: operational performance", NEVER));

  private static MinimumElement of(String name, Predicate<BomContent> isPresent) {
    return new MinimumElement(name, isPresent);
  }

  private static boolean knowsDatasets(BomContent content) {
    return !content.datasets().isEmpty()
        && content.datasets().stream().allMatch(one -> one.resolved().isPresent());
  }

  /** The elements that are not there, in the order of the document. */
  static List<String> missing(BomContent content) {
    return ALL.stream()
        .filter(element -> !element.isPresent().test(content))
        .map(MinimumElement::name)
        .toList();
  }
}
