package dev.modelsigning.split;

import dev.modelsigning.internal.json.JsonReader;
import dev.modelsigning.internal.json.JsonWriter;
import dev.modelsigning.internal.json.MalformedJsonException;
import dev.modelsigning.internal.json.Printable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The index of the parts of a model.
 *
 * @param model the name of the model, which all parts have
 * @param parts the parts, at least one
 */
public record SplitIndex(String model, List<Part> parts) {

  /** The name of the index in its directory. */
  public static final String FILE = "index.json";

  /** The name of the signature of that directory, in it. */
  public static final String SIGNATURE = "index.sig";

  /** What the name of the model that the index is ends with. */
  static final String SUFFIX = ".split-index";

  private static final String FORMAT = "model-signing split index, version 1";
  private static final int MAX_PARTS = 100_000;
  private static final int MAX_PREFIXES = 1_000_000;
  private static final long MAX_TOKENS = 20_000_000;

  /** The greatest length of an index in bytes. */
  static final int MAX_SIZE = 128 << 20;

  /**
   * A part of a model.
   *
   * @param signature the name of its signature, beside the index
   * @param prefixes whose files it has, at least one
   */
  public record Part(String signature, List<Prefix> prefixes) {
    /** Copies the list. */
    public Part {
      prefixes = List.copyOf(prefixes);
    }
  }

  /** Copies the list. */
  public SplitIndex {
    parts = List.copyOf(parts);
  }

  /** The name of a part's signature. */
  static String signature(int part) {
    return "part-%05d.sig".formatted(part + 1);
  }

  /**
   * Which part a file belongs to.
   *
   * @throws IllegalArgumentException if the prefixes are not disjoint
   */
  Prefixes prefixes() {
    return new Prefixes(parts.stream().map(Part::prefixes).toList());
  }

  byte[] toJson() {
    return JsonWriter.document(json ->
        json.string("format", FORMAT)
            .string("model", model)
            .array("parts", all -> parts.forEach(part -> all.object(one -> write(part, one)))));
  }

  private static void write(Part part, JsonWriter json) {
    json.string("signature", part.signature)
        .array(
            "prefixes",
            all ->
                part.prefixes.forEach(prefix ->
                    all.object(one ->
                        one.string("directory", prefix.directory())
                            .bool("below", prefix.below()))));
  }

  /**
   * Reads an index.
   *
   * @throws MalformedJsonException if it is none, or its parts are not disjoint
   */
  static SplitIndex read(byte[] content) throws MalformedJsonException {
    return JsonReader.read(FILE, content, MAX_TOKENS, SplitIndex::read);
  }

  /** The members of an object while it is read. */
  private static final class Members {
    private @Nullable String format;
    private @Nullable String model;
    private @Nullable List<Part> parts;
  }

  private static SplitIndex read(JsonReader reader) throws MalformedJsonException {
    Members members = new Members();
    Set<String> signatures = new HashSet<>();
    reader.object(name -> {
      switch (name) {
        case "format" -> members.format = reader.string();
        case "model" -> members.model = reader.nonEmptyString();
        case "parts" -> {
          List<Part> parts = new ArrayList<>();
          reader.array(MAX_PARTS, index -> parts.add(part(reader, signatures)));
          members.parts = parts;
        }
        default -> throw reader.unknown(name);
      }
    });
    if (!FORMAT.equals(members.format)) {
      throw reader.malformed("format", "expected " + Printable.quote(FORMAT));
    }
    if (members.model == null) {
      throw reader.missing("model");
    }
    if (members.parts == null || members.parts.isEmpty()) {
      throw reader.missing("parts");
    }
    SplitIndex index = new SplitIndex(members.model, members.parts);
    try {
      index.prefixes();
    } catch (IllegalArgumentException e) {
      throw reader.malformed("parts", String.valueOf(e.getMessage()));
    }
    return index;
  }

  private static Part part(JsonReader reader, Set<String> signatures)
      throws MalformedJsonException {
    List<String> signature = new ArrayList<>();
    List<Prefix> prefixes = new ArrayList<>();
    reader.object(name -> {
      switch (name) {
        case "signature" -> signature.add(reader.nonEmptyString());
        case "prefixes" -> reader.array(MAX_PREFIXES, index -> prefixes.add(prefix(reader)));
        default -> throw reader.unknown(name);
      }
    });
    if (signature.isEmpty()) {
      throw reader.missing("signature");
    }
    if (prefixes.isEmpty()) {
      throw reader.missing("prefixes");
    }
    if (!signatures.add(signature.get(0))) {
      throw reader.malformed(
          "signature", Printable.quote(signature.get(0)) + " is the signature of two parts");
    }
    return new Part(signature.get(0), prefixes);
  }

  private static Prefix prefix(JsonReader reader) throws MalformedJsonException {
    List<String> directory = new ArrayList<>();
    List<Boolean> below = new ArrayList<>();
    reader.object(name -> {
      switch (name) {
        case "directory" -> directory.add(reader.string());
        case "below" -> below.add(reader.bool());
        default -> throw reader.unknown(name);
      }
    });
    if (directory.isEmpty()) {
      throw reader.missing("directory");
    }
    if (below.isEmpty()) {
      throw reader.missing("below");
    }
    String problem = Prefix.problem(directory.get(0));
    if (problem != null) {
      throw reader.malformed("directory", Printable.quote(directory.get(0)) + " " + problem);
    }
    return new Prefix(directory.get(0), below.get(0));
  }
}
