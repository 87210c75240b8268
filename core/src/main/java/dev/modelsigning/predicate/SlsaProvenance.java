package dev.modelsigning.predicate;

import dev.modelsigning.VerifiedModel;
import dev.modelsigning.internal.build.BuildRun;
import dev.modelsigning.internal.build.SafeUri;
import dev.modelsigning.internal.card.WellFormedText;
import dev.modelsigning.internal.json.JsonWriter;
import dev.modelsigning.internal.json.Printable;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes build provenance of a model (SLSA Provenance v1): from the environment of a job of GitHub
 * Actions or GitLab CI, or from given values. Base models and datasets become {@code
 * resolvedDependencies} with their OMS root digests.
 *
 * <p>The environment is what the job says about itself. Whoever can run code in the job can change
 * it, so provenance that is written here reaches SLSA Build L1 by itself; who signs the attestation
 * decides what else can be relied on.
 *
 * <p>Only the variables that are named in the documentation are read, and no value of another one
 * is ever written. Instances are immutable.
 */
public final class SlsaProvenance {

  private final BuildRun run;
  private final List<ResolvedDependency> dependencies;

  private SlsaProvenance(BuildRun run, List<ResolvedDependency> dependencies) {
    this.run = run;
    this.dependencies = List.copyOf(dependencies);
  }

  /** Returns a builder without any value. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns the same with these base models and datasets besides. */
  public SlsaProvenance with(List<ResolvedDependency> more) {
    List<ResolvedDependency> all = new ArrayList<>(dependencies);
    all.addAll(more);
    return new SlsaProvenance(run, all);
  }

  /**
   * Writes the provenance of a model.
   *
   * @throws IllegalArgumentException if the model was verified in part only
   */
  public GeneratedPredicate about(VerifiedModel model) {
    ModelBom.requireWhole(model);
    try {
      return new GeneratedPredicate(
          PredicateType.SLSA.require(JsonWriter.document(this::write)), List.of());
    } catch (MalformedPredicateException e) {
      throw new IllegalStateException(
          "provenance that is written here has the form it requires", e);
    }
  }

  private void write(JsonWriter json) {
    json.object(
        "buildDefinition",
        definition -> {
          definition
              .string("buildType", run.buildType())
              .object("externalParameters", run.externalParameters());
          run.internalParameters()
              .ifPresent(internal -> definition.object("internalParameters", internal));
          if (run.source().isPresent() || !dependencies.isEmpty()) {
            definition.array("resolvedDependencies", this::writeDependencies);
          }
        });
    json.object(
        "runDetails",
        details -> {
          details.object("builder", builder -> builder.string("id", run.builderId()));
          details.object("metadata", this::writeMetadata);
        });
  }

  private void writeMetadata(JsonWriter metadata) {
    run.invocationId().ifPresent(id -> metadata.string("invocationId", id));
    run.startedOn().ifPresent(time -> metadata.string("startedOn", text(time)));
    run.finishedOn().ifPresent(time -> metadata.string("finishedOn", text(time)));
  }

  private static String text(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private void writeDependencies(JsonWriter json) {
    run.source()
        .ifPresent(source ->
            json.object(resource ->
                resource
                    .string("uri", source.uri())
                    .object("digest", digest -> digest.string("gitCommit", source.commit()))));
    for (ResolvedDependency one : dependencies) {
      json.object(resource -> {
        resource.string("name", WellFormedText.of(one.name()));
        one.uri().ifPresent(uri -> resource.string("uri", uri));
        resource.object("digest", digest -> digest.string("sha256", one.rootDigest().hex()));
        resource.object(
            "annotations",
            notes -> {
              notes
                  .string("dev.modelsigning/role", one.role().code())
                  .string("dev.modelsigning/digest", "OMS root digest (OMS 6.5.1)")
                  .bool("dev.modelsigning/signed", one.isSigned());
              one.signedBy()
                  .ifPresent(
                      who -> notes.string("dev.modelsigning/signer", WellFormedText.of(who)));
            });
      });
    }
  }

  /** Collects the values of {@link SlsaProvenance}. */
  public static final class Builder {
    private Map<String, String> environment = Map.of();
    private @Nullable String builderId;
    private @Nullable String buildType;
    private @Nullable String invocationId;
    private @Nullable Instant startedOn;
    private @Nullable Instant finishedOn;
    private final Map<String, String> parameters = new LinkedHashMap<>();
    private final List<ResolvedDependency> dependencies = new ArrayList<>();

    private Builder() {}

    /**
     * Sets the environment, which is used if it is that of GitHub Actions or GitLab CI and no
     * {@linkplain #buildType build type} was given.
     */
    public Builder environment(Map<String, String> variables) {
      this.environment = Map.copyOf(variables);
      return this;
    }

    /**
     * Sets who ran the build (SLSA: {@code builder.id}). By default, it is the workflow or the
     * runner of the environment.
     *
     * @throws IllegalArgumentException if it is not a URI with a scheme, or has credentials
     */
    public Builder builderId(String uri) {
      this.builderId = SafeUri.require("the builder id", uri);
      return this;
    }

    /**
     * Sets how the parameters are to be read (SLSA: {@code buildType}). The environment is not used
     * then.
     *
     * @throws IllegalArgumentException if it is not a URI with a scheme, or has credentials
     */
    public Builder buildType(String uri) {
      this.buildType = SafeUri.require("the build type", uri);
      return this;
    }

    /**
     * Sets the identifier of the run. By default, it is the address of the run or job.
     *
     * @throws IllegalArgumentException if it is empty, longer than 1,000 characters, or has control
     *     characters or credentials
     */
    public Builder invocationId(String id) {
      this.invocationId = SafeUri.requireText("the invocation id", id);
      return this;
    }

    /**
     * Sets when the build began.
     *
     * @throws IllegalArgumentException if that is in the future
     */
    public Builder startedOn(Instant time) {
      this.startedOn = requirePast("the start of the build", time);
      return this;
    }

    /**
     * Sets when the build ended.
     *
     * @throws IllegalArgumentException if that is in the future
     */
    public Builder finishedOn(Instant time) {
      this.finishedOn = requirePast("the end of the build", time);
      return this;
    }

    /**
     * Adds an external parameter. It needs a {@linkplain #buildType build type}, which defines what
     * it means.
     *
     * @throws IllegalArgumentException if the name is empty or was added before, or one of both is
     *     longer than 1,000 characters, or has control characters or credentials
     */
    public Builder parameter(String name, String value) {
      SafeUri.requireText("the name of a parameter", name);
      String checked =
          value.isEmpty() ? value : SafeUri.requireText("the parameter " + name, value);
      if (parameters.putIfAbsent(name, checked) != null) {
        throw new IllegalArgumentException(
            "the parameter " + Printable.quote(name) + " is given twice");
      }
      return this;
    }

    /** Adds a base model or a dataset. */
    public Builder dependency(ResolvedDependency dependency) {
      dependencies.add(dependency);
      return this;
    }

    private static Instant requirePast(String what, Instant time) {
      if (time.isAfter(Instant.now().plus(PredicateType.TOLERANCE))) {
        throw new IllegalArgumentException(what + " is in the future: " + time);
      }
      return time;
    }

    private Optional<BuildRun> inEnvironment() throws MalformedPredicateException {
      try {
        Optional<BuildRun> found = BuildRun.of(environment);
        found.flatMap(BuildRun::startedOn).ifPresent(time -> requirePast("the start", time));
        return found;
      } catch (IllegalArgumentException e) {
        throw new MalformedPredicateException(String.valueOf(e.getMessage()), e);
      }
    }

    /** What is needed where nothing is taken from the environment. */
    private String needed() {
      if (buildType != null) {
        return "the builder id is needed with a build type, as nothing is taken from the environment"
            + " then";
      }
      return "this is no job of GitHub Actions or GitLab CI, so "
          + (builderId == null
              ? "the builder id and the build type are needed"
              : "the build type is needed");
    }

    /**
     * Returns the provenance.
     *
     * @throws IllegalArgumentException if values are missing, which the message names, or
     *     contradict each other
     * @throws MalformedPredicateException if a variable of the environment is missing or malformed
     */
    public SlsaProvenance build() throws MalformedPredicateException {
      Optional<BuildRun> found = buildType == null ? inEnvironment() : Optional.empty();
      if (found.isEmpty() && (builderId == null || buildType == null)) {
        throw new IllegalArgumentException(needed());
      }
      if (found.isPresent() && !parameters.isEmpty()) {
        throw new IllegalArgumentException(
            "parameters need a build type: that of the environment has its own");
      }
      BuildRun run =
          found.orElseGet(() ->
              BuildRun.given(
                  String.valueOf(builderId), String.valueOf(buildType), Map.copyOf(parameters)));
      run = run.with(builderId, invocationId, startedOn, finishedOn);
      if (run.startedOn().isPresent()
          && run.finishedOn().isPresent()
          && run.finishedOn().get().isBefore(run.startedOn().get())) {
        throw new IllegalArgumentException("the build ended before it began");
      }
      return new SlsaProvenance(run, dependencies);
    }
  }
}
