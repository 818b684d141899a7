package dev.selvage.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.selvage.http.Routes.Match;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** Leads each request through access and routes to its handler, and sends the answer. */
final class Exchanges implements HttpHandler {
  private static final int LONGEST_PATH = 2048;
  private static final int LONGEST_QUERY = 8192;
  private static final int CLIENT_GONE = 499;
  private static final int TOO_LONG = 413;

  private static final Map<String, String> SECURITY =
      Map.of(
          "Content-Security-Policy",
          "default-src 'self'; img-src 'self' blob: data:; frame-ancestors 'none'; base-uri 'none';"
              + " form-action 'self'; object-src 'none'",
          "X-Content-Type-Options",
          "nosniff",
          "Referrer-Policy",
          "no-referrer",
          "Cross-Origin-Resource-Policy",
          "same-origin");

  private final Routes routes;
  private final Access access;
  private final BodyBudget budget;
  private final RequestObserver observer;
  private final Duration longestStream;
  private final CountDownLatch draining = new CountDownLatch(1);

  /** Requests that run; guarded by this object. */
  private int running;

  Exchanges(
      Routes routes,
      Access access,
      BodyBudget budget,
      RequestObserver observer,
      Duration longestStream) {
    this.routes = routes;
    this.access = access;
    this.budget = budget;
    this.observer = observer;
    this.longestStream = longestStream;
  }

  boolean draining() {
    return draining.getCount() == 0;
  }

  /** Lets streams end and waits for all other requests; whether all have ended within the limit. */
  synchronized boolean drain(Duration limit) {
    draining.countDown();
    long end = System.nanoTime() + limit.toNanos();
    try {
      for (long left = limit.toNanos(); running > 0 && left > 0; left = end - System.nanoTime()) {
        wait(left / 1_000_000 + 1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return running == 0;
  }

  private synchronized void count(int change) {
    running += change;
    notifyAll();
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    count(1);
    try {
      new Running(exchange).run();
    } finally {
      count(-1);
    }
  }

  /** One request. */
  private final class Running {
    private final HttpExchange exchange;
    private final long begin = System.nanoTime();
    private String route = "";
    private Request request;
    private ClientOutput out;

    Running(HttpExchange exchange) {
      this.exchange = exchange;
    }

    /**
     * Answers. An exception makes the JDK's server break the connection, so that a client does not
     * take a part of an answer for the whole.
     */
    void run() throws IOException {
      int status = CLIENT_GONE;
      try {
        Response response = answer();
        send(response);
        exchange.close();
        status = response.status();
      } catch (ClientGone e) {
        throw e; // nobody to tell
      } catch (IOException | RuntimeException e) {
        status = 500;
        report(e);
        throw e;
      } finally {
        long received = request == null ? 0 : request.received();
        double seconds = (System.nanoTime() - begin) / 1e9;
        observer.answered(route, status, seconds, received, out == null ? 0 : out.written());
      }
    }

    private Response answer() throws ClientGone {
      try {
        return routed();
      } catch (ClientGone e) {
        throw e;
      } catch (HttpFailure e) {
        return e.response();
      } catch (MethodNotAllowed e) {
        return e.response();
      } catch (UserError e) {
        return Response.error(400, e.getMessage());
      } catch (OutOfMemoryError e) {
        report(e);
        return Response.error(503, "too little memory for this request");
      } catch (IOException | RuntimeException | Error e) {
        report(e);
        return Response.error(500, "a fault of the program; its messages say more");
      } finally {
        if (request != null) {
          request.end();
        }
      }
    }

    private Response routed() throws IOException {
      String path = exchange.getRequestURI().getRawPath();
      String query = exchange.getRequestURI().getRawQuery();
      if (path.length() > LONGEST_PATH || query != null && query.length() > LONGEST_QUERY) {
        throw new HttpFailure(414, "address: expected a shorter one");
      }
      if (!routes.isProbe(exchange.getRequestMethod(), path)) {
        Optional<Response> refusal = access.refusal(exchange);
        if (refusal.isPresent()) {
          return refusal.get();
        } else if (draining()) {
          throw new HttpFailure(503, "the service is about to stop");
        }
      }
      Optional<Match> match = routes.match(exchange.getRequestMethod(), path);
      if (match.isEmpty()) {
        return Response.notFound("nothing is at this address");
      }
      route = match.get().route().pattern();
      request = new Request(exchange, match.get().parameters(), budget, draining());
      return match
          .get()
          .route()
          .handler()
          .handle(request)
          .unlessKnown(request.header("If-None-Match"));
    }

    private void send(Response response) throws IOException {
      Headers headers = exchange.getResponseHeaders();
      SECURITY.forEach(headers::set);
      response.headers().forEach(headers::set);
      if (response.status() == TOO_LONG) {
        headers.set("Connection", "close"); // the rest of the body is not worth to be received
      }
      boolean silent = exchange.getRequestMethod().equals("HEAD");
      long length = response.bytes().map(bytes -> (long) bytes.length).orElse(0L);
      boolean none = silent || response.bytes().isPresent() && length == 0;
      try {
        // 0 means that the length is not known, and -1 that there is no body
        exchange.sendResponseHeaders(response.status(), none ? -1 : length);
      } catch (IOException e) {
        throw new ClientGone(e);
      }
      if (none) {
        return;
      }
      out = new ClientOutput(exchange.getResponseBody());
      if (response.bytes().isPresent()) {
        out.write(response.bytes().get());
      } else if (response.events().isPresent()) {
        response.events().get().send(new EventStream(out, draining, longestStream));
      } else {
        response.body().orElseThrow().write(out);
      }
      out.close();
    }

    private void report(Throwable e) {
      synchronized (System.err) {
        System.err.printf("%s %s%n", exchange.getRequestMethod(), exchange.getRequestURI());
        e.printStackTrace();
      }
    }
  }
}
