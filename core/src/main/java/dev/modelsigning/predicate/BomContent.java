package dev.modelsigning.predicate;

import dev.modelsigning.facts.CardEntry.Field;
import dev.modelsigning.internal.card.Card;
import dev.modelsigning.internal.card.License;
import dev.modelsigning.internal.card.WellFormedText;
import dev.modelsigning.manifest.Manifest;
import dev.modelsigning.predicate.ModelBom.SpecVersion;
import dev.modelsigning.predicate.ResolvedDependency.Role;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What a bill of materials says.
 *
 * @param name the model's name
 * @param manifest its files
 * @param card what its card states
 * @param baseModels from which models it was derived
 * @param datasets with what it was trained
 * @param licenses under which licences it is, as CycloneDX has them
 * @param listsFiles whether its files are listed
 * @param given what the caller gave
 */
record BomContent(
    String name,
    Manifest manifest,
    Card card,
    List<Lineage> baseModels,
    List<Lineage> datasets,
    List<License> licenses,
    boolean listsFiles,
    Given given) {

  /** A guess of what the entry of a file takes besides its name and digest, in bytes. */
  private static final long ENTRY = 200;

  /**
   * What the caller gave.
   *
   * @param version the version of CycloneDX
   * @param time when the document was written
   * @param serialNumber its serial number
   * @param authors who wrote it
   * @param supplier who provides the model
   * @param modelVersion the version of the model
   */
  record Given(
      SpecVersion version,
      Instant time,
      UUID serialNumber,
      List<String> authors,
      Optional<String> supplier,
      Optional<String> modelVersion) {}

  BomContent(
      String name,
      Manifest manifest,
      Card card,
      List<ResolvedDependency> dependencies,
      Given given) {
    this(
        WellFormedText.of(name),
        manifest,
        card,
        Lineage.of(Role.BASE_MODEL, card.values(Field.BASE_MODEL), dependencies),
        Lineage.of(Role.DATASET, card.values(Field.DATASETS), dependencies),
        License.of(card),
        false,
        given);
  }

  /** Whether the list of files may be small enough for a predicate. */
  boolean mayListFiles() {
    return manifest.textLength() + ENTRY * manifest.fileCount() <= PredicateType.MAX_SIZE;
  }

  /** The same with the list of files. */
  BomContent withFiles() {
    return new BomContent(name, manifest, card, baseModels, datasets, licenses, true, given);
  }
}
