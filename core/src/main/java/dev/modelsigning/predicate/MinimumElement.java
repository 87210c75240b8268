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

  private static final List<MinimumElement> ALL =
      List.of(
          of("metadata: SBOM author", content -> !content.given().authors().isEmpty()),
          of("metadata: SBOM version", MinimumElement::always),
          of("metadata: SBOM data format name and version", MinimumElement::always),
          of("metadata: SBOM author signature", MinimumElement::always),
          of("metadata: SBOM tool name and version", MinimumElement::always),
          of("metadata: SBOM generation context", MinimumElement::always),
          of("metadata: SBOM timestamp", MinimumElement::always),
          of("metadata: SBOM dependency relationship", MinimumElement::always),
          of("system: name", MinimumElement::never),
          of("system: components", MinimumElement::never),
          of("system: producer", MinimumElement::never),
          of("system: version", MinimumElement::never),
          of("system: timestamp", MinimumElement::never),
          of("system: data flow", MinimumElement::never),
          of("system: data usage", MinimumElement::never),
          of("system: input and output properties", MinimumElement::never),
          of("system: intended application area", MinimumElement::never),
          of("model: name", MinimumElement::always),
          of("model: identifier", MinimumElement::always),
          of("model: version", content -> content.given().modelVersion().isPresent()),
          of("model: timestamp", MinimumElement::never),
          of("model: producer", content -> content.given().supplier().isPresent()),
          of("model: description", MinimumElement::never),
          of("model: hash value and algorithm", MinimumElement::always),
          of("model: files", BomContent::listsFiles),
          of(
              "model: properties",
              content ->
                  content.card().text(Field.ARCHITECTURE).isPresent()
                      || content.card().text(Field.MODEL_TYPE).isPresent()),
          of("model: input and output properties", MinimumElement::never),
          of("model: training properties", MinimumElement::never),
          of("model: license", content -> content.licenses().stream().anyMatch(License::isKnown)),
          of("model: external references", MinimumElement::never),
          of("dataset: name", content -> !content.datasets().isEmpty()),
          of("dataset: description", MinimumElement::never),
          of("dataset: content", MinimumElement::never),
          of("dataset: identifier", MinimumElement::knowsDatasets),
          of("dataset: hash", MinimumElement::knowsDatasets),
          of("dataset: provenance", MinimumElement::never),
          of("dataset: statistical properties", MinimumElement::never),
          of("dataset: sensitivity", MinimumElement::never),
          of("dataset: dependency relationship", content -> !content.datasets().isEmpty()),
          of("dataset: license", MinimumElement::never),
          of("infrastructure: software", content -> content.card().text(Field.LIBRARY).isPresent()),
          of("infrastructure: hardware", MinimumElement::never),
          of("security: controls", MinimumElement::never),
          of("security: compliance", MinimumElement::never),
          of("security: policy information", MinimumElement::never),
          of("security: vulnerability referencing", MinimumElement::never),
          of("performance: security metrics", MinimumElement::never),
          of("performance: operational performance", MinimumElement::never));

  private static MinimumElement of(String name, Predicate<BomContent> isPresent) {
    return new MinimumElement(name, isPresent);
  }

  private static boolean always(BomContent content) {
    return true;
  }

  /** For facts that neither the files nor the card of a model tell. */
  private static boolean never(BomContent content) {
    return false;
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
