package dev.selvage.browser;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * The Chrome DevTools protocol: JSON over a WebSocket. A driver such as Selenium would be 40 jars
 * and a second program for what this file does.
 */
final class DevTools implements WebSocket.Listener {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SECONDS = 60;

  private final AtomicInteger count = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonNode>> calls = new ConcurrentHashMap<>();
  private final List<Consumer<JsonNode>> listeners = new CopyOnWriteArrayList<>();
  private final StringBuilder text = new StringBuilder();
  private final WebSocket socket;

  DevTools(URI address) {
    socket = HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(address, this).join();
  }

  /** Takes every event of every session. */
  void listen(Consumer<JsonNode> listener) {
    listeners.add(listener);
  }

  /**
   * Calls a method and waits for its result.
   *
   * @param session of a page, or null for the browser
   */
  JsonNode call(String session, String method, Map<String, ?> parameters) {
    int id = count.incrementAndGet();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    calls.put(id, answer);
    ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
    message.set("params", JSON.valueToTree(parameters));
    if (session != null) {
      message.put("sessionId", session);
    }
    synchronized (socket) {
      socket.sendText(message.toString(), true).join();
    }
    try {
      JsonNode found = answer.get(SECONDS, TimeUnit.SECONDS);
      if (found.has("error")) {
        throw new IllegalStateException(method + ": " + found.get("error"));
      }
      return found.get("result");
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new IllegalStateException("the browser does not answer " + method, e);
    }
  }

  @Override
  public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
    text.append(part);
    if (last) {
      String whole = text.toString();
      text.setLength(0);
      take(whole);
    }
    return WebSocket.Listener.super.onText(from, part, last);
  }

  private void take(String message) {
    try {
      JsonNode json = JSON.readTree(message);
      if (json.has("id")) {
        calls.remove(json.get("id").asInt()).complete(json);
      } else {
        listeners.forEach(listener -> listener.accept(json));
      }
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
