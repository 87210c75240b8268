package dev.modelsigning.lineage;

import dev.modelsigning.internal.json.JsonWriter;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.lineage.Ancestor.Kind;
import dev.modelsigning.lineage.UnverifiedClaim.Content;
import dev.modelsigning.statement.Subject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What the models of a claims file were made from: base models and datasets that claims name, and
 * what other claims say about those, found by root digest. It is three levels deep.
 */
final class LineageTree {

  /** The number of levels below a model. */
  static final int DEPTH = 3;

  private static final int MAX_NAME = 100;

  /** A tree of three levels with a thousand ancestors each would have a billion nodes. */
  private static final int MAX_NODES = 10_000;

  private final List<Node> models = new ArrayList<>();
  private final Map<String, List<UnverifiedClaim>> byDigest = new LinkedHashMap<>();
  private int nodes;

  /** What the claims about a model name, by its digest: read once, however often it is drawn. */
  private final Map<String, Collection<Ancestor>> ancestors = new HashMap<>();

  /** The models above the current one, below which none of them is drawn again. */
  private final Set<String> onTheWay = new HashSet<>();

  private LineageTree() {}

  /**
   * A model or dataset.
   *
   * @param kind what it was for the one above; empty for a model of the claims file
   * @param name its name as the claim has it
   * @param rootDigest its OMS root digest, if known
   * @param claims how many claims about it there are
   * @param below what it was made from
   * @param cut whether more is known below, and not shown
   */
  record Node(
      Optional<Kind> kind,
      String name,
      Optional<String> rootDigest,
      int claims,
      List<Node> below,
      boolean cut) {}

  static LineageTree of(ClaimsInspection inspection) {
    LineageTree tree = new LineageTree();
    Stream.concat(inspection.claims().stream(), inspection.others().stream()).forEach(tree::index);
    Set<String> ancestors = new LinkedHashSet<>();
    inspection.claims().stream()
        .flatMap(claim -> claim.content().stream())
        .flatMap(content -> content.ancestors().stream())
        .flatMap(ancestor -> ancestor.rootDigest().stream())
        .forEach(ancestors::add);
    Map<String, String> models = new LinkedHashMap<>();
    for (UnverifiedClaim claim : inspection.claims()) {
      for (Subject subject : claim.content().map(Content::subjects).orElse(List.of())) {
        String digest = subject.digests().get("sha256");
        if (digest != null) {
          models.putIfAbsent(digest, subject.name().isEmpty() ? "not named" : subject.name());
        }
      }
    }
    // Base models in the same file are drawn below the models that were made from them.
    boolean onlyAncestors = ancestors.containsAll(models.keySet());
    models.forEach((digest, name) -> {
      if (tree.nodes < MAX_NODES && (onlyAncestors || !ancestors.contains(digest))) {
        tree.models.add(tree.node(Optional.empty(), name, Optional.of(digest), 0));
      }
    });
    return tree;
  }

  private void index(UnverifiedClaim claim) {
    for (Subject subject : claim.content().map(Content::subjects).orElse(List.of())) {
      String digest = subject.digests().get("sha256");
      if (digest != null) {
        byDigest.computeIfAbsent(digest, key -> new ArrayList<>()).add(claim);
      }
    }
  }

  private Node node(Optional<Kind> kind, String name, Optional<String> digest, int depth) {
    nodes++;
    List<UnverifiedClaim> claims =
        digest.map(one -> byDigest.getOrDefault(one, List.of())).orElse(List.of());
    Collection<Ancestor> known =
        digest.isPresent()
            ? ancestors.computeIfAbsent(digest.get(), key -> ancestors(claims))
            : List.of();
    List<Node> below = new ArrayList<>();
    boolean above = digest.isPresent() && !onTheWay.add(digest.get());
    boolean cut = (above || depth == DEPTH) && !known.isEmpty();
    for (Ancestor ancestor : known) {
      if (cut || nodes >= MAX_NODES) {
        cut = true;
        break;
      }
      below.add(
          node(Optional.of(ancestor.kind()), ancestor.name(), ancestor.rootDigest(), depth + 1));
    }
    if (!above) {
      digest.ifPresent(onTheWay::remove);
    }
    return new Node(kind, name, digest, claims.size(), List.copyOf(below), cut);
  }

  /** What claims name, once each, even if several claims name it. */
  private static Collection<Ancestor> ancestors(List<UnverifiedClaim> claims) {
    Map<String, Ancestor> ancestors = new LinkedHashMap<>();
    for (UnverifiedClaim claim : claims) {
      for (Ancestor one : claim.content().map(Content::ancestors).orElse(List.of())) {
        ancestors.putIfAbsent(one.kind() + " " + one.rootDigest().orElse(one.name()), one);
      }
    }
    return ancestors.values();
  }

  void write(int most, Consumer<String> lines) {
    List<String> all = new ArrayList<>();
    if (models.isEmpty()) {
      all.add("  lineage: no claim names a model by its digest");
    }
    for (Node model : models) {
      draw(model, "  ", "  ", all);
    }
    all.stream().limit(most).forEach(lines);
    if (all.size() > most) {
      lines.accept("  ... and " + (all.size() - most) + " more; --all shows them");
    }
  }

  private static void draw(Node node, String first, String rest, List<String> lines) {
    lines.add(first + describe(node));
    for (int i = 0; i < node.below().size(); i++) {
      boolean last = i == node.below().size() - 1 && !node.cut();
      draw(
          node.below().get(i), rest + (last ? "`- " : "|- "), rest + (last ? "   " : "|  "), lines);
    }
    if (node.cut()) {
      lines.add(rest + "`- ... more that is not shown");
    }
  }

  private static String describe(Node node) {
    return node.kind().map(kind -> kind.title() + " ").orElse("model ")
        + Printable.brief(node.name(), MAX_NAME)
        + node.rootDigest()
            .map(digest -> " sha256:" + ClaimsTable.shortDigest(digest))
            .orElse(", without a digest")
        + switch (node.claims()) {
          case 0 -> ", no claims about it";
          case 1 -> ", 1 claim";
          default -> ", " + node.claims() + " claims";
        };
  }

  void writeJson(JsonWriter json) {
    models.forEach(model -> writeJson(model, json));
  }

  private static void writeJson(Node node, JsonWriter json) {
    json.object(fields -> {
      node.kind().ifPresent(kind -> fields.string("role", kind.name()));
      fields.string("name", node.name());
      node.rootDigest().ifPresent(digest -> fields.string("digest", "sha256:" + digest));
      fields
          .integer("claims", node.claims())
          .array("madeFrom", list -> node.below().forEach(one -> writeJson(one, list)))
          .bool("more", node.cut());
    });
  }
}
