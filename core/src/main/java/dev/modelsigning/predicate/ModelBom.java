package dev.modelsigning.predicate;

import dev.modelsigning.VerifiedModel;
import dev.modelsigning.internal.build.SafeUri;
import dev.modelsigning.internal.card.Card;
import dev.modelsigning.internal.json.JsonWriter;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Writes the bill of materials of a model (CycloneDX ML-BOM): its files with their signed digests,
 * and what its card states about licences, datasets, base models, task and architecture.
 *
 * <p>The model is {@code metadata.component}; files and datasets are {@code components}; base
 * models are {@code pedigree.ancestors}. The root digest (OMS 6.5.1) is not the hash of a file, and
 * so it is not among {@code hashes}, but the property {@code dev.modelsigning:oms:root-digest}.
 * What the card states was read from verified bytes, but is only asserted by those who signed them.
 * It is read if the model was verified with an {@linkplain
 * dev.modelsigning.ModelVerifier.Builder#inspector inspector}.
 *
 * <p>Elements that the G7 count among the minimum of an SBOM for AI (May 2026) and that are not
 * there are listed in properties named {@code dev.modelsigning:g7:missing}.
 *
 * <p>With a given time and serial number, equal models give equal bytes. Instances are immutable.
 */
public final class ModelBom {

  /** Versions of CycloneDX that are written. */
  public enum SpecVersion {
    /** ECMA-424, first edition. */
    V1_6("1.6"),
    /** ECMA-424, second edition. */
    V1_7("1.7");

    private final String text;

    SpecVersion(String text) {
      this.text = text;
    }

    /** Returns the version with this number, such as {@code 1.7}, or empty. */
    public static Optional<SpecVersion> of(String number) {
      return Arrays.stream(values()).filter(version -> version.text.equals(number)).findFirst();
    }

    /** Its number. */
    @Override
    public String toString() {
      return text;
    }
  }

  private final SpecVersion version;
  private final @Nullable Instant time;
  private final @Nullable UUID serialNumber;
  private final List<String> authors;
  private final Optional<String> supplier;
  private final Optional<String> modelVersion;
  private final List<ResolvedDependency> dependencies;

  private ModelBom(Builder builder) {
    version = builder.version;
    time = builder.time;
    serialNumber = builder.serialNumber;
    authors = List.copyOf(builder.authors);
    supplier = builder.supplier;
    modelVersion = builder.modelVersion;
    dependencies = List.copyOf(builder.dependencies);
  }

  /** Returns a writer with the default settings. */
  public static ModelBom withDefaults() {
    return builder().build();
  }

  /** Returns a builder with the default settings. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Writes the bill of materials of a model.
   *
   * @throws IllegalArgumentException if the model was verified in part only
   * @throws IOException if the model's name cannot be determined, which signatures in the old
   *     format do not have
   */
  public GeneratedPredicate about(VerifiedModel model) throws IOException {
    requireWhole(model);
    Optional<String> signedName = model.statement().modelName();
    BomContent content =
        new BomContent(
            signedName.isPresent() ? signedName.get() : model.model().name(),
            model.manifest(),
            new Card(model.contents()),
            dependencies,
            new BomContent.Given(
                version,
                (time == null ? Instant.now() : time).truncatedTo(ChronoUnit.SECONDS),
                serialNumber == null ? UUID.randomUUID() : serialNumber,
                authors,
                supplier,
                modelVersion));
    Optional<GeneratedPredicate> whole =
        content.mayListFiles() ? write(content.withFiles()) : Optional.empty();
    return whole
        .or(() -> write(content))
        .orElseThrow(() -> new IllegalStateException("the card of a model is limited in size"));
  }

  /** Writes it, unless it would be larger than predicates may be. */
  private static Optional<GeneratedPredicate> write(BomContent content) {
    List<String> missing = MinimumElement.missing(content);
    byte[] json = JsonWriter.document(writer -> new BomJson(content, missing, writer).write());
    if (json.length > PredicateType.MAX_SIZE) {
      return Optional.empty();
    }
    try {
      return Optional.of(new GeneratedPredicate(PredicateType.CYCLONEDX.require(json), missing));
    } catch (MalformedPredicateException e) {
      throw new IllegalStateException("what is written here has the form it requires", e);
    }
  }

  /** Refuses a model of which not all files were hashed. */
  static void requireWhole(VerifiedModel model) {
    if (model.isPartial()) {
      throw new IllegalArgumentException(
          "the model was verified in part, and a predicate is about all of it");
    }
  }

  /** Collects the settings of {@link ModelBom}. */
  public static final class Builder {
    private SpecVersion version = SpecVersion.V1_7;
    private @Nullable Instant time;
    private @Nullable UUID serialNumber;
    private final List<String> authors = new ArrayList<>();
    private Optional<String> supplier = Optional.empty();
    private Optional<String> modelVersion = Optional.empty();
    private final List<ResolvedDependency> dependencies = new ArrayList<>();

    private Builder() {}

    /** Sets the version of CycloneDX; 1.7 by default. */
    public Builder version(SpecVersion specVersion) {
      this.version = specVersion;
      return this;
    }

    /** Sets when the document was written, in whole seconds; now by default. */
    public Builder time(Instant when) {
      this.time = when;
      return this;
    }

    /** Sets the serial number; a random one by default. */
    public Builder serialNumber(UUID serial) {
      this.serialNumber = serial;
      return this;
    }

    /**
     * Adds a person or an organization that wrote the document.
     *
     * @throws IllegalArgumentException if the name is empty, longer than 1,000 characters, or has
     *     control characters or credentials
     */
    public Builder author(String name) {
      authors.add(SafeUri.requireText("the author", name));
      return this;
    }

    /**
     * Sets who provides the model.
     *
     * @throws IllegalArgumentException if the name is empty, longer than 1,000 characters, or has
     *     control characters or credentials
     */
    public Builder supplier(String name) {
      this.supplier = Optional.of(SafeUri.requireText("the supplier", name));
      return this;
    }

    /**
     * Sets the version of the model.
     *
     * @throws IllegalArgumentException if it is empty, longer than 1,000 characters, or has control
     *     characters or credentials
     */
    public Builder modelVersion(String text) {
      this.modelVersion = Optional.of(SafeUri.requireText("the version of the model", text));
      return this;
    }

    /**
     * Adds a base model or a dataset. If the card names it too, by the same name or with an
     * organization before it, both are one entry.
     */
    public Builder dependency(ResolvedDependency dependency) {
      dependencies.add(dependency);
      return this;
    }

    /** Returns a writer with these settings. */
    public ModelBom build() {
      return new ModelBom(this);
    }
  }
}
