package dev.modelsigning.report;

import dev.modelsigning.internal.document.SarifParts;
import dev.modelsigning.internal.json.JsonWriter;
import dev.modelsigning.manifest.ManifestVerification.Result;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The locations of results as URIs (RFC 3986): a file by its name relative to the model, and the
 * model relative to the directory where it was verified, unless its path is absolute.
 */
final class SarifLocations {

  /** The base of the names of files. */
  private static final String MODEL = "MODEL";

  /** The base of a relative path of the model, by its conventional name. */
  private static final String CURRENT_DIRECTORY = "%SRCROOT%";

  private static final Pattern URI = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://[\\x21-\\x7e]*");

  /**
   * A model in an object store, as its source shows it: the key is taken as it is, and an address
   * of the store that was named stands after it. No key has two slashes in a row.
   */
  private static final Pattern STORE =
      Pattern.compile("s3://(?<name>.*?)(?: at https?://\\S*)?", Pattern.CASE_INSENSITIVE);

  /** The model as a URI reference; empty if its location is unknown. */
  private final String model;

  private final boolean relative;

  /** Whether names refer to the model itself. */
  private final boolean singleFile;

  private SarifLocations(String model, boolean relative, boolean singleFile) {
    this.model = model;
    this.relative = relative;
    this.singleFile = singleFile;
  }

  static SarifLocations of(Verdict verdict) {
    String place = verdict.model();
    boolean singleFile = verdict.comparison().map(Result::singleFile).orElse(false);
    Matcher store = STORE.matcher(place);
    if (store.matches()) {
      return new SarifLocations(
          "s3://" + SarifParts.encoded(store.group("name")), false, singleFile);
    }
    if (URI.matcher(place).matches()) {
      return new SarifLocations(place, false, singleFile);
    }
    boolean absolute = place.startsWith("/");
    return new SarifLocations(
        (absolute ? "file://" : "") + SarifParts.encoded(place),
        !absolute && !place.isEmpty(),
        singleFile);
  }

  /** Writes the bases of the URIs of results. */
  void writeBases(JsonWriter run) {
    if (model.isEmpty() || (singleFile && !relative)) {
      return;
    }
    run.object(
        "originalUriBaseIds",
        bases -> {
          if (relative) {
            bases.object(
                CURRENT_DIRECTORY,
                base -> describe("the directory in which the model was verified", base));
          }
          if (!singleFile) {
            bases.object(
                MODEL,
                base -> {
                  base.string("uri", model.endsWith("/") ? model : model + "/");
                  if (relative) {
                    base.string("uriBaseId", CURRENT_DIRECTORY);
                  }
                  describe("the model", base);
                });
          }
        });
  }

  private static void describe(String what, JsonWriter base) {
    base.object("description", text -> text.string("text", what));
  }

  /**
   * Writes the location of a result: a file of the model, or the model. A name that is not a
   * canonical path could lead out of the model, so it is not written as a reference; it is in the
   * message.
   */
  void write(Optional<String> file, JsonWriter result) {
    if (model.isEmpty()) {
      return;
    }
    Optional<String> reference =
        file.filter(name -> !singleFile && isCanonical(name)).map(SarifParts::encoded);
    result.array(
        "locations",
        locations ->
            locations.object(location ->
                location.object(
                    "physicalLocation",
                    physical ->
                        physical.object(
                            "artifactLocation",
                            artifact -> {
                              artifact.string("uri", reference.orElse(model));
                              if (reference.isPresent()) {
                                artifact.string("uriBaseId", MODEL);
                              } else if (relative) {
                                artifact.string("uriBaseId", CURRENT_DIRECTORY);
                              }
                            }))));
  }

  private static boolean isCanonical(String name) {
    return List.of(name.split("/", -1)).stream()
        .noneMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
  }
}
