/**
 * Made by openapi-typescript 7.13.0 from openapi.yaml; its head says how. Not to be edited by hand.
 */

export interface paths {
  readonly "/version": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: {
      readonly parameters: {
        readonly query?: never;
        readonly header?: never;
        readonly path?: never;
        readonly cookie?: never;
      };
      readonly requestBody?: never;
      readonly responses: {
        /** @description Version of the node that answers */
        readonly 200: {
          headers: {
            readonly [name: string]: unknown;
          };
          content: {
            readonly "application/json": {
              readonly data: components["schemas"]["Version"];
            };
          };
        };
      };
    };
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/access/permissions": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: {
      readonly parameters: {
        readonly query?: {
          readonly path?: string;
          readonly userid?: string;
        };
        readonly header?: never;
        readonly path?: never;
        readonly cookie?: never;
      };
      readonly requestBody?: never;
      readonly responses: {
        /** @description Privileges by path */
        readonly 200: {
          headers: {
            readonly [name: string]: unknown;
          };
          content: {
            readonly "application/json": {
              readonly data: components["schemas"]["Permissions"];
            };
          };
        };
      };
    };
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/cluster/resources": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: {
      readonly parameters: {
        readonly query?: {
          readonly type?: "vm" | "storage" | "node" | "sdn";
        };
        readonly header?: never;
        readonly path?: never;
        readonly cookie?: never;
      };
      readonly requestBody?: never;
      readonly responses: {
        /** @description Everything in the cluster */
        readonly 200: {
          headers: {
            readonly [name: string]: unknown;
          };
          content: {
            readonly "application/json": {
              readonly data: readonly components["schemas"]["Resource"][];
            };
          };
        };
      };
    };
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/cluster/status": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: {
      readonly parameters: {
        readonly query?: never;
        readonly header?: never;
        readonly path?: never;
        readonly cookie?: never;
      };
      readonly requestBody?: never;
      readonly responses: {
        /** @description The cluster and its nodes */
        readonly 200: {
          headers: {
            readonly [name: string]: unknown;
          };
          content: {
            readonly "application/json": {
              readonly data: readonly components["schemas"]["ClusterStatus"][];
            };
          };
        };
      };
    };
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/cluster/options": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: {
      readonly parameters: {
        readonly query?: never;
        readonly header?: never;
        readonly path?: never;
        readonly cookie?: never;
      };
      readonly requestBody?: never;
      readonly responses: {
        /** @description Options of the data centre */
        readonly 200: {
          headers: {
            readonly [name: string]: unknown;
          };
          content: {
            readonly "application/json": {
              readonly data: components["schemas"]["Anything"];
            };
          };
        };
      };
    };
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/cluster/nextid": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: {
      readonly parameters: {
        readonly query?: {
          readonly vmid?: number;
        };
        readonly header?: never;
        readonly path?: never;
        readonly cookie?: never;
      };
      readonly requestBody?: never;
      readonly responses: {
        /** @description A free id; reserves nothing */
        readonly 200: {
          headers: {
            readonly [name: string]: unknown;
          };
          content: {
            readonly "application/json": {
              readonly data: components["schemas"]["Figure"];
            };
          };
        };
      };
    };
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/cluster/tasks": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: {
      readonly parameters: {
        readonly query?: never;
        readonly header?: never;
        readonly path?: never;
        readonly cookie?: never;
      };
      readonly requestBody?: never;
      readonly responses: {
        /** @description Recent tasks of all nodes */
        readonly 200: {
          headers: {
            readonly [name: string]: unknown;
          };
          content: {
            readonly "application/json": {
              readonly data: readonly components["schemas"]["Task"][];
            };
          };
        };
      };
    };
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/cluster/ha/resources": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: {
      readonly parameters: {
        readonly query?: never;
        readonly header?: never;
        readonly path?: never;
        readonly cookie?: never;
      };
      readonly requestBody?: never;
      readonly responses: {
        /** @description Guests that HA looks after */
        readonly 200: {
          headers: {
            readonly [name: string]: unknown;
          };
          content: {
            readonly "application/json": {
              readonly data: readonly components["schemas"]["HaResource"][];
            };
          };
        };
      };
    };
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/cluster/ha/rules": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: {
      readonly parameters: {
        readonly query?: never;
        readonly header?: never;
        readonly path?: never;
        readonly cookie?: never;
      };
      readonly requestBody?: never;
      readonly responses: {
        /** @description HA rules; Proxmox VE 9 */
        readonly 200: {
          headers: {
            readonly [name: string]: unknown;
          };
          content: {
            readonly "application/json": {
              readonly data: readonly components["schemas"]["HaRule"][];
            };
          };
        };
      };
    };
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/cluster/ha/groups": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: {
      readonly parameters: {
        readonly query?: never;
        readonly header?: never;
        readonly path?: never;
        readonly cookie?: never;
      };
      readonly requestBody?: never;
      readonly responses: {
        /** @description HA groups; Proxmox VE 8 */
        readonly 200: {
          headers: {
            readonly [name: string]: unknown;
          };
          content: {
            readonly "application/json": {
              readonly data: readonly components["schemas"]["HaGroup"][];
            };
          };
        };
      };
    };
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/cluster/ha/status/current": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: {
      readonly parameters: {
        readonly query?: never;
        readonly header?: never;
        readonly path?: never;
        readonly cookie?: never;
      };
      readonly requestBody?: never;
      readonly responses: {
        /** @description State of HA */
        readonly 200: {
          headers: {
            readonly [name: string]: unknown;
          };
          content: {
            readonly "application/json": {
              readonly data: readonly components["schemas"]["HaStatus"][];
            };
          };
        };
      };
    };
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/cluster/ha/status/manager_status": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: {
      readonly parameters: {
        readonly query?: never;
        readonly header?: never;
        readonly path?: never;
        readonly cookie?: never;
      };
      readonly requestBody?: never;
      readonly responses: {
        /** @description What the HA manager writes down */
        readonly 200: {
          headers: {
            readonly [name: string]: unknown;
          };
          content: {
            readonly "application/json": {
              readonly data: components["schemas"]["Anything"];
            };
          };
        };
      };
    };
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/pools": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: {
      readonly parameters: {
        readonly query?: {
          readonly poolid?: string;
        };
        readonly header?: never;
        readonly path?: never;
        readonly cookie?: never;
      };
      readonly requestBody?: never;
      readonly responses: {
        /** @description Resource pools */
        readonly 200: {
          headers: {
            readonly [name: string]: unknown;
          };
          content: {
            readonly "application/json": {
              readonly data: readonly components["schemas"]["Pool"][];
            };
          };
        };
      };
    };
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/nodes": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: {
      readonly parameters: {
        readonly query?: never;
        readonly header?: never;
        readonly path?: never;
        readonly cookie?: never;
      };
      readonly requestBody?: never;
      readonly responses: {
        /** @description The nodes */
        readonly 200: {
          headers: {
            readonly [name: string]: unknown;
          };
          content: {
            readonly "application/json": {
              readonly data: readonly components["schemas"]["Node"][];
            };
          };
        };
      };
    };
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/nodes/{node}/status": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly node: components["parameters"]["node"];
      };
      readonly cookie?: never;
    };
    readonly get: {
      readonly parameters: {
        readonly query?: never;
        readonly header?: never;
        readonly path: {
          readonly node: components["parameters"]["node"];
        };
        readonly cookie?: never;
      };
      readonly requestBody?: never;
      readonly responses: {
        /** @description State of a node */
        readonly 200: {
          headers: {
            readonly [name: string]: unknown;
          };
          content: {
            readonly "application/json": {
              readonly data: components["schemas"]["NodeStatus"];
            };
          };
        };
      };
    };
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/nodes/{node}/version": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly node: components["parameters"]["node"];
      };
      readonly cookie?: never;
    };
    readonly get: {
      readonly parameters: {
        readonly query?: never;
        readonly header?: never;
        readonly path: {
          readonly node: components["parameters"]["node"];
        };
        readonly cookie?: never;
      };
      readonly requestBody?: never;
      readonly responses: {
        /** @description Version of a node */
        readonly 200: {
          headers: {
            readonly [name: string]: unknown;
          };
          content: {
            readonly "application/json": {
              readonly data: components["schemas"]["Version"];
            };
          };
        };
      };
    };
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/nodes/{node}/rrddata": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly node: components["parameters"]["node"];
      };
      readonly cookie?: never;
    };
    readonly get: {
      readonly parameters: {
        readonly query: {
          readonly timeframe: components["parameters"]["timeframe"];
          readonly cf?: components["parameters"]["cf"];
        };
        readonly header?: never;
        readonly path: {
          readonly node: components["parameters"]["node"];
        };
        readonly cookie?: never;
      };
      readonly requestBody?: never;
      readonly responses: {
        /** @description Figures over time */
        readonly 200: {
          headers: {
            readonly [name: string]: unknown;
          };
          content: {
            readonly "application/json": {
              readonly data: readonly components["schemas"]["Figures"][];
            };
          };
        };
      };
    };
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/nodes/{node}/storage": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly node: components["parameters"]["node"];
      };
      readonly cookie?: never;
    };
    readonly get: {
      readonly parameters: {
        readonly query?: never;
        readonly header?: never;
        readonly path: {
          readonly node: components["parameters"]["node"];
        };
        readonly cookie?: never;
      };
      readonly requestBody?: never;
      readonly responses: {
        /** @description Storages of a node */
        readonly 200: {
          headers: {
            readonly [name: string]: unknown;
          };
          content: {
            readonly "application/json": {
              readonly data: readonly components["schemas"]["Storage"][];
            };
          };
        };
      };
    };
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/nodes/{node}/tasks": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly node: components["parameters"]["node"];
      };
      readonly cookie?: never;
    };
    readonly get: {
      readonly parameters: {
        readonly query?: {
          readonly vmid?: number;
          readonly source?: "archive" | "active" | "all";
          readonly typefilter?: string;
          readonly userfilter?: string;
          readonly since?: number;
          readonly until?: number;
          readonly errors?: components["schemas"]["Flag"];
          readonly start?: number;
          readonly limit?: number;
        };
        readonly header?: never;
        readonly path: {
          readonly node: components["parameters"]["node"];
        };
        readonly cookie?: never;
      };
      readonly requestBody?: never;
      readonly responses: {
        /** @description Tasks of a node */
        readonly 200: {
          headers: {
            readonly [name: string]: unknown;
          };
          content: {
            readonly "application/json": {
              readonly data: readonly components["schemas"]["Task"][];
            };
          };
        };
      };
    };
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/nodes/{node}/tasks/{upid}": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly node: components["parameters"]["node"];
        readonly upid: components["parameters"]["upid"];
      };
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post?: never;
    readonly delete: {
      readonly parameters: {
        readonly query?: never;
        readonly header?: never;
        readonly path: {
          readonly node: components["parameters"]["node"];
          readonly upid: components["parameters"]["upid"];
        };
        readonly cookie?: never;
      };
      readonly requestBody?: never;
      readonly responses: {
        readonly 200: components["responses"]["Nothing"];
      };
    };
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/nodes/{node}/tasks/{upid}/status": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly node: components["parameters"]["node"];
        readonly upid: components["parameters"]["upid"];
      };
      readonly cookie?: never;
    };
    readonly get: {
      readonly parameters: {
        readonly query?: never;
        readonly header?: never;
        readonly path: {
          readonly node: components["parameters"]["node"];
          readonly upid: components["parameters"]["upid"];
        };
        readonly cookie?: never;
      };
      readonly requestBody?: never;
      readonly responses: {
        /** @description State of a task */
        readonly 200: {
          headers: {
            readonly [name: string]: unknown;
          };
          content: {
            readonly "application/json": {
              readonly data: components["schemas"]["TaskStatus"];
            };
          };
        };
      };
    };
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/nodes/{node}/tasks/{upid}/log": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly node: components["parameters"]["node"];
        readonly upid: components["parameters"]["upid"];
      };
      readonly cookie?: never;
    };
    readonly get: {
      readonly parameters: {
        readonly query?: {
          readonly start?: number;
          readonly limit?: number;
        };
        readonly header?: never;
        readonly path: {
          readonly node: components["parameters"]["node"];
          readonly upid: components["parameters"]["upid"];
        };
        readonly cookie?: never;
      };
      readonly requestBody?: never;
      readonly responses: {
        /** @description Lines of a task's log */
        readonly 200: {
          headers: {
            readonly [name: string]: unknown;
          };
          content: {
            readonly "application/json": {
              readonly data: readonly components["schemas"]["LogLine"][];
            };
          };
        };
      };
    };
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/nodes/{node}/qemu": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly node: components["parameters"]["node"];
      };
      readonly cookie?: never;
    };
    readonly get: {
      readonly parameters: {
        readonly query?: {
          readonly full?: components["schemas"]["Flag"];
        };
        readonly header?: never;
        readonly path: {
          readonly node: components["parameters"]["node"];
        };
        readonly cookie?: never;
      };
      readonly requestBody?: never;
      readonly responses: {
        readonly 200: components["responses"]["Guests"];
      };
    };
    readonly put?: never;
    readonly post: {
      readonly parameters: {
        readonly query?: never;
        readonly header?: never;
        readonly path: {
          readonly node: components["parameters"]["node"];
        };
        readonly cookie?: never;
      };
      readonly requestBody?: {
        readonly content: {
          readonly "application/x-www-form-urlencoded": components["schemas"]["NewVm"];
        };
      };
      readonly responses: {
        readonly 200: components["responses"]["Upid"];
      };
    };
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/nodes/{node}/qemu/{vmid}": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly node: components["parameters"]["node"];
        readonly vmid: components["parameters"]["vmid"];
      };
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post?: never;
    readonly delete: {
      readonly parameters: {
        readonly query?: {
          readonly purge?: components["schemas"]["Flag"];
          readonly "destroy-unreferenced-disks"?: components["schemas"]["Flag"];
        };
        readonly header?: never;
        readonly path: {
          readonly node: components["parameters"]["node"];
          readonly vmid: components["parameters"]["vmid"];
        };
        readonly cookie?: never;
      };
      readonly requestBody?: never;
      readonly responses: {
        readonly 200: components["responses"]["Upid"];
      };
    };
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/nodes/{node}/qemu/{vmid}/config": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly node: components["parameters"]["node"];
        readonly vmid: components["parameters"]["vmid"];
      };
      readonly cookie?: never;
    };
    readonly get: {
      readonly parameters: {
        readonly query?: never;
        readonly header?: never;
        readonly path: {
          readonly node: components["parameters"]["node"];
          readonly vmid: components["parameters"]["vmid"];
        };
        readonly cookie?: never;
      };
      readonly requestBody?: never;
      readonly responses: {
        readonly 200: components["responses"]["Config"];
      };
    };
    readonly put: {
      readonly parameters: {
        readonly query?: never;
        readonly header?: never;
        readonly path: {
          readonly node: components["parameters"]["node"];
          readonly vmid: components["parameters"]["vmid"];
        };
        readonly cookie?: never;
      };
      readonly requestBody?: {
        readonly content: {
          readonly "application/x-www-form-urlencoded": components["schemas"]["Settings"];
        };
      };
      readonly responses: {
        readonly 200: components["responses"]["Nothing"];
      };
    };
    readonly post: {
      readonly parameters: {
        readonly query?: never;
        readonly header?: never;
        readonly path: {
          readonly node: components["parameters"]["node"];
          readonly vmid: components["parameters"]["vmid"];
        };
        readonly cookie?: never;
      };
      readonly requestBody?: {
        readonly content: {
          readonly "application/x-www-form-urlencoded": components["schemas"]["Settings"];
        };
      };
      readonly responses: {
        readonly 200: components["responses"]["Upid"];
      };
    };
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/nodes/{node}/qemu/{vmid}/status/current": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly node: components["parameters"]["node"];
        readonly vmid: components["parameters"]["vmid"];
      };
      readonly cookie?: never;
    };
    readonly get: {
      readonly parameters: {
        readonly query?: never;
        readonly header?: never;
        readonly path: {
          readonly node: components["parameters"]["node"];
          readonly vmid: components["parameters"]["vmid"];
        };
        readonly cookie?: never;
      };
      readonly requestBody?: never;
      readonly responses: {
        readonly 200: components["responses"]["GuestStatus"];
      };
    };
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/nodes/{node}/qemu/{vmid}/status/start": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly node: components["parameters"]["node"];
        readonly vmid: components["parameters"]["vmid"];
      };
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post: {
      readonly parameters: {
        readonly query?: never;
        readonly header?: never;
        readonly path: {
          readonly node: components["parameters"]["node"];
          readonly vmid: components["parameters"]["vmid"];
        };
        readonly cookie?: never;
      };
      readonly requestBody?: never;
      readonly responses: {
        readonly 200: components["responses"]["Upid"];
      };
    };
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/nodes/{node}/qemu/{vmid}/status/stop": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly node: components["parameters"]["node"];
        readonly vmid: components["parameters"]["vmid"];
      };
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post: {
      readonly parameters: {
        readonly query?: never;
        readonly header?: never;
        readonly path: {
          readonly node: components["parameters"]["node"];
          readonly vmid: components["parameters"]["vmid"];
        };
        readonly cookie?: never;
      };
      readonly requestBody?: {
        readonly content: {
          readonly "application/x-www-form-urlencoded": components["schemas"]["Stop"];
        };
      };
      readonly responses: {
        readonly 200: components["responses"]["Upid"];
      };
    };
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/nodes/{node}/qemu/{vmid}/status/shutdown": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly node: components["parameters"]["node"];
        readonly vmid: components["parameters"]["vmid"];
      };
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post: {
      readonly parameters: {
        readonly query?: never;
        readonly header?: never;
        readonly path: {
          readonly node: components["parameters"]["node"];
          readonly vmid: components["parameters"]["vmid"];
        };
        readonly cookie?: never;
      };
      readonly requestBody?: {
        readonly content: {
          readonly "application/x-www-form-urlencoded": components["schemas"]["Shutdown"];
        };
      };
      readonly responses: {
        readonly 200: components["responses"]["Upid"];
      };
    };
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/nodes/{node}/qemu/{vmid}/status/reboot": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly node: components["parameters"]["node"];
        readonly vmid: components["parameters"]["vmid"];
      };
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post: {
      readonly parameters: {
        readonly query?: never;
        readonly header?: never;
        readonly path: {
          readonly node: components["parameters"]["node"];
          readonly vmid: components["parameters"]["vmid"];
        };
        readonly cookie?: never;
      };
      readonly requestBody?: {
        readonly content: {
          readonly "application/x-www-form-urlencoded": components["schemas"]["Reboot"];
        };
      };
      readonly responses: {
        readonly 200: components["responses"]["Upid"];
      };
    };
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/nodes/{node}/qemu/{vmid}/status/suspend": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly node: components["parameters"]["node"];
        readonly vmid: components["parameters"]["vmid"];
      };
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post: {
      readonly parameters: {
        readonly query?: never;
        readonly header?: never;
        readonly path: {
          readonly node: components["parameters"]["node"];
          readonly vmid: components["parameters"]["vmid"];
        };
        readonly cookie?: never;
      };
      readonly requestBody?: {
        readonly content: {
          readonly "application/x-www-form-urlencoded": {
            readonly todisk?: components["schemas"]["Flag"];
          };
        };
      };
      readonly responses: {
        readonly 200: components["responses"]["Upid"];
      };
    };
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/nodes/{node}/qemu/{vmid}/status/resume": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly node: components["parameters"]["node"];
        readonly vmid: components["parameters"]["vmid"];
      };
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post: {
      readonly parameters: {
        readonly query?: never;
        readonly header?: never;
        readonly path: {
          readonly node: components["parameters"]["node"];
          readonly vmid: components["parameters"]["vmid"];
        };
        readonly cookie?: never;
      };
      readonly requestBody?: never;
      readonly responses: {
        readonly 200: components["responses"]["Upid"];
      };
    };
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/nodes/{node}/qemu/{vmid}/clone": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly node: components["parameters"]["node"];
        readonly vmid: components["parameters"]["vmid"];
      };
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post: {
      readonly parameters: {
        readonly query?: never;
        readonly header?: never;
        readonly path: {
          readonly node: components["parameters"]["node"];
          readonly vmid: components["parameters"]["vmid"];
        };
        readonly cookie?: never;
      };
      readonly requestBody: {
        readonly content: {
          readonly "application/x-www-form-urlencoded": components["schemas"]["Clone"] & {
            readonly name?: string;
          };
        };
      };
      readonly responses: {
        readonly 200: components["responses"]["Upid"];
      };
    };
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/nodes/{node}/qemu/{vmid}/migrate": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly node: components["parameters"]["node"];
        readonly vmid: components["parameters"]["vmid"];
      };
      readonly cookie?: never;
    };
    readonly get: {
      readonly parameters: {
        readonly query?: {
          readonly target?: string;
        };
        readonly header?: never;
        readonly path: {
          readonly node: components["parameters"]["node"];
          readonly vmid: components["parameters"]["vmid"];
        };
        readonly cookie?: never;
      };
      readonly requestBody?: never;
      readonly responses: {
        /** @description What speaks for and against moving a VM */
        readonly 200: {
          headers: {
            readonly [name: string]: unknown;
          };
          content: {
            readonly "application/json": {
              readonly data: components["schemas"]["VmPreconditions"];
            };
          };
        };
      };
    };
    readonly put?: never;
    readonly post: {
      readonly parameters: {
        readonly query?: never;
        readonly header?: never;
        readonly path: {
          readonly node: components["parameters"]["node"];
          readonly vmid: components["parameters"]["vmid"];
        };
        readonly cookie?: never;
      };
      readonly requestBody: {
        readonly content: {
          readonly "application/x-www-form-urlencoded": components["schemas"]["MigrateVm"];
        };
      };
      readonly responses: {
        readonly 200: components["responses"]["Upid"];
      };
    };
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/nodes/{node}/qemu/{vmid}/resize": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly node: components["parameters"]["node"];
        readonly vmid: components["parameters"]["vmid"];
      };
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put: {
      readonly parameters: {
        readonly query?: never;
        readonly header?: never;
        readonly path: {
          readonly node: components["parameters"]["node"];
          readonly vmid: components["parameters"]["vmid"];
        };
        readonly cookie?: never;
      };
      readonly requestBody: {
        readonly content: {
          readonly "application/x-www-form-urlencoded": {
            readonly disk: string;
            readonly size: string;
          };
        };
      };
      readonly responses: {
        readonly 200: components["responses"]["Upid"];
      };
    };
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/nodes/{node}/qemu/{vmid}/snapshot": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly node: components["parameters"]["node"];
        readonly vmid: components["parameters"]["vmid"];
      };
      readonly cookie?: never;
    };
    readonly get: {
      readonly parameters: {
        readonly query?: never;
        readonly header?: never;
        readonly path: {
          readonly node: components["parameters"]["node"];
          readonly vmid: components["parameters"]["vmid"];
        };
        readonly cookie?: never;
      };
      readonly requestBody?: never;
      readonly responses: {
        readonly 200: components["responses"]["Snapshots"];
      };
    };
    readonly put?: never;
    readonly post: {
      readonly parameters: {
        readonly query?: never;
        readonly header?: never;
        readonly path: {
          readonly node: components["parameters"]["node"];
          readonly vmid: components["parameters"]["vmid"];
        };
        readonly cookie?: never;
      };
      readonly requestBody: {
        readonly content: {
          readonly "application/x-www-form-urlencoded": components["schemas"]["NewSnapshot"] & {
            readonly vmstate?: components["schemas"]["Flag"];
          };
        };
      };
      readonly responses: {
        readonly 200: components["responses"]["Upid"];
      };
    };
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/nodes/{node}/qemu/{vmid}/snapshot/{snapname}": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly node: components["parameters"]["node"];
        readonly vmid: components["parameters"]["vmid"];
        readonly snapname: components["parameters"]["snapname"];
      };
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post?: never;
    readonly delete: {
      readonly parameters: {
        readonly query?: never;
        readonly header?: never;
        readonly path: {
          readonly node: components["parameters"]["node"];
          readonly vmid: components["parameters"]["vmid"];
          readonly snapname: components["parameters"]["snapname"];
        };
        readonly cookie?: never;
      };
      readonly requestBody?: never;
      readonly responses: {
        readonly 200: components["responses"]["Upid"];
      };
    };
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/nodes/{node}/qemu/{vmid}/snapshot/{snapname}/rollback": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly node: components["parameters"]["node"];
        readonly vmid: components["parameters"]["vmid"];
        readonly snapname: components["parameters"]["snapname"];
      };
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post: {
      readonly parameters: {
        readonly query?: never;
        readonly header?: never;
        readonly path: {
          readonly node: components["parameters"]["node"];
          readonly vmid: components["parameters"]["vmid"];
          readonly snapname: components["parameters"]["snapname"];
        };
        readonly cookie?: never;
      };
      readonly requestBody?: never;
      readonly responses: {
        readonly 200: components["responses"]["Upid"];
      };
    };
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/nodes/{node}/lxc": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly node: components["parameters"]["node"];
      };
      readonly cookie?: never;
    };
    readonly get: {
      readonly parameters: {
        readonly query?: never;
        readonly header?: never;
        readonly path: {
          readonly node: components["parameters"]["node"];
        };
        readonly cookie?: never;
      };
      readonly requestBody?: never;
      readonly responses: {
        readonly 200: components["responses"]["Guests"];
      };
    };
    readonly put?: never;
    readonly post: {
      readonly parameters: {
        readonly query?: never;
        readonly header?: never;
        readonly path: {
          readonly node: components["parameters"]["node"];
        };
        readonly cookie?: never;
      };
      readonly requestBody: {
        readonly content: {
          readonly "application/x-www-form-urlencoded": components["schemas"]["NewContainer"];
        };
      };
      readonly responses: {
        readonly 200: components["responses"]["Upid"];
      };
    };
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/nodes/{node}/lxc/{vmid}": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly node: components["parameters"]["node"];
        readonly vmid: components["parameters"]["vmid"];
      };
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post?: never;
    readonly delete: {
      readonly parameters: {
        readonly query?: {
          readonly purge?: components["schemas"]["Flag"];
        };
        readonly header?: never;
        readonly path: {
          readonly node: components["parameters"]["node"];
          readonly vmid: components["parameters"]["vmid"];
        };
        readonly cookie?: never;
      };
      readonly requestBody?: never;
      readonly responses: {
        readonly 200: components["responses"]["Upid"];
      };
    };
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/nodes/{node}/lxc/{vmid}/config": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly node: components["parameters"]["node"];
        readonly vmid: components["parameters"]["vmid"];
      };
      readonly cookie?: never;
    };
    readonly get: {
      readonly parameters: {
        readonly query?: never;
        readonly header?: never;
        readonly path: {
          readonly node: components["parameters"]["node"];
          readonly vmid: components["parameters"]["vmid"];
        };
        readonly cookie?: never;
      };
      readonly requestBody?: never;
      readonly responses: {
        readonly 200: components["responses"]["Config"];
      };
    };
    readonly put: {
      readonly parameters: {
        readonly query?: never;
        readonly header?: never;
        readonly path: {
          readonly node: components["parameters"]["node"];
          readonly vmid: components["parameters"]["vmid"];
        };
        readonly cookie?: never;
      };
      readonly requestBody?: {
        readonly content: {
          readonly "application/x-www-form-urlencoded": components["schemas"]["Settings"];
        };
      };
      readonly responses: {
        readonly 200: components["responses"]["Nothing"];
      };
    };
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/nodes/{node}/lxc/{vmid}/status/current": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly node: components["parameters"]["node"];
        readonly vmid: components["parameters"]["vmid"];
      };
      readonly cookie?: never;
    };
    readonly get: {
      readonly parameters: {
        readonly query?: never;
        readonly header?: never;
        readonly path: {
          readonly node: components["parameters"]["node"];
          readonly vmid: components["parameters"]["vmid"];
        };
        readonly cookie?: never;
      };
      readonly requestBody?: never;
      readonly responses: {
        readonly 200: components["responses"]["GuestStatus"];
      };
    };
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/nodes/{node}/lxc/{vmid}/status/start": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly node: components["parameters"]["node"];
        readonly vmid: components["parameters"]["vmid"];
      };
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post: {
      readonly parameters: {
        readonly query?: never;
        readonly header?: never;
        readonly path: {
          readonly node: components["parameters"]["node"];
          readonly vmid: components["parameters"]["vmid"];
        };
        readonly cookie?: never;
      };
      readonly requestBody?: never;
      readonly responses: {
        readonly 200: components["responses"]["Upid"];
      };
    };
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/nodes/{node}/lxc/{vmid}/status/stop": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly node: components["parameters"]["node"];
        readonly vmid: components["parameters"]["vmid"];
      };
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post: {
      readonly parameters: {
        readonly query?: never;
        readonly header?: never;
        readonly path: {
          readonly node: components["parameters"]["node"];
          readonly vmid: components["parameters"]["vmid"];
        };
        readonly cookie?: never;
      };
      readonly requestBody?: {
        readonly content: {
          readonly "application/x-www-form-urlencoded": components["schemas"]["Stop"];
        };
      };
      readonly responses: {
        readonly 200: components["responses"]["Upid"];
      };
    };
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/nodes/{node}/lxc/{vmid}/status/shutdown": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly node: components["parameters"]["node"];
        readonly vmid: components["parameters"]["vmid"];
      };
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post: {
      readonly parameters: {
        readonly query?: never;
        readonly header?: never;
        readonly path: {
          readonly node: components["parameters"]["node"];
          readonly vmid: components["parameters"]["vmid"];
        };
        readonly cookie?: never;
      };
      readonly requestBody?: {
        readonly content: {
          readonly "application/x-www-form-urlencoded": components["schemas"]["Shutdown"];
        };
      };
      readonly responses: {
        readonly 200: components["responses"]["Upid"];
      };
    };
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/nodes/{node}/lxc/{vmid}/status/reboot": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly node: components["parameters"]["node"];
        readonly vmid: components["parameters"]["vmid"];
      };
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post: {
      readonly parameters: {
        readonly query?: never;
        readonly header?: never;
        readonly path: {
          readonly node: components["parameters"]["node"];
          readonly vmid: components["parameters"]["vmid"];
        };
        readonly cookie?: never;
      };
      readonly requestBody?: {
        readonly content: {
          readonly "application/x-www-form-urlencoded": components["schemas"]["Reboot"];
        };
      };
      readonly responses: {
        readonly 200: components["responses"]["Upid"];
      };
    };
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/nodes/{node}/lxc/{vmid}/clone": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly node: components["parameters"]["node"];
        readonly vmid: components["parameters"]["vmid"];
      };
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post: {
      readonly parameters: {
        readonly query?: never;
        readonly header?: never;
        readonly path: {
          readonly node: components["parameters"]["node"];
          readonly vmid: components["parameters"]["vmid"];
        };
        readonly cookie?: never;
      };
      readonly requestBody: {
        readonly content: {
          readonly "application/x-www-form-urlencoded": components["schemas"]["Clone"] & {
            readonly hostname?: string;
          };
        };
      };
      readonly responses: {
        readonly 200: components["responses"]["Upid"];
      };
    };
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/nodes/{node}/lxc/{vmid}/migrate": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly node: components["parameters"]["node"];
        readonly vmid: components["parameters"]["vmid"];
      };
      readonly cookie?: never;
    };
    readonly get: {
      readonly parameters: {
        readonly query?: {
          readonly target?: string;
        };
        readonly header?: never;
        readonly path: {
          readonly node: components["parameters"]["node"];
          readonly vmid: components["parameters"]["vmid"];
        };
        readonly cookie?: never;
      };
      readonly requestBody?: never;
      readonly responses: {
        /** @description What speaks for and against moving a container; Proxmox VE 9 */
        readonly 200: {
          headers: {
            readonly [name: string]: unknown;
          };
          content: {
            readonly "application/json": {
              readonly data: components["schemas"]["ContainerPreconditions"];
            };
          };
        };
      };
    };
    readonly put?: never;
    readonly post: {
      readonly parameters: {
        readonly query?: never;
        readonly header?: never;
        readonly path: {
          readonly node: components["parameters"]["node"];
          readonly vmid: components["parameters"]["vmid"];
        };
        readonly cookie?: never;
      };
      readonly requestBody: {
        readonly content: {
          readonly "application/x-www-form-urlencoded": components["schemas"]["MigrateContainer"];
        };
      };
      readonly responses: {
        readonly 200: components["responses"]["Upid"];
      };
    };
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/nodes/{node}/lxc/{vmid}/snapshot": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly node: components["parameters"]["node"];
        readonly vmid: components["parameters"]["vmid"];
      };
      readonly cookie?: never;
    };
    readonly get: {
      readonly parameters: {
        readonly query?: never;
        readonly header?: never;
        readonly path: {
          readonly node: components["parameters"]["node"];
          readonly vmid: components["parameters"]["vmid"];
        };
        readonly cookie?: never;
      };
      readonly requestBody?: never;
      readonly responses: {
        readonly 200: components["responses"]["Snapshots"];
      };
    };
    readonly put?: never;
    readonly post: {
      readonly parameters: {
        readonly query?: never;
        readonly header?: never;
        readonly path: {
          readonly node: components["parameters"]["node"];
          readonly vmid: components["parameters"]["vmid"];
        };
        readonly cookie?: never;
      };
      readonly requestBody: {
        readonly content: {
          readonly "application/x-www-form-urlencoded": components["schemas"]["NewSnapshot"];
        };
      };
      readonly responses: {
        readonly 200: components["responses"]["Upid"];
      };
    };
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/nodes/{node}/lxc/{vmid}/snapshot/{snapname}": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly node: components["parameters"]["node"];
        readonly vmid: components["parameters"]["vmid"];
        readonly snapname: components["parameters"]["snapname"];
      };
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post?: never;
    readonly delete: {
      readonly parameters: {
        readonly query?: never;
        readonly header?: never;
        readonly path: {
          readonly node: components["parameters"]["node"];
          readonly vmid: components["parameters"]["vmid"];
          readonly snapname: components["parameters"]["snapname"];
        };
        readonly cookie?: never;
      };
      readonly requestBody?: never;
      readonly responses: {
        readonly 200: components["responses"]["Upid"];
      };
    };
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/nodes/{node}/lxc/{vmid}/snapshot/{snapname}/rollback": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly node: components["parameters"]["node"];
        readonly vmid: components["parameters"]["vmid"];
        readonly snapname: components["parameters"]["snapname"];
      };
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post: {
      readonly parameters: {
        readonly query?: never;
        readonly header?: never;
        readonly path: {
          readonly node: components["parameters"]["node"];
          readonly vmid: components["parameters"]["vmid"];
          readonly snapname: components["parameters"]["snapname"];
        };
        readonly cookie?: never;
      };
      readonly requestBody?: never;
      readonly responses: {
        readonly 200: components["responses"]["Upid"];
      };
    };
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
}
export interface components {
  schemas: {
    /** @enum {integer} */
    readonly Flag: 0 | 1;
    /** @description A number that may come as a string */
    readonly Figure: number | string;
    readonly Anything: {
      readonly [key: string]: unknown;
    };
    readonly Version: {
      readonly version: string;
      readonly release: string;
      readonly repoid: string;
    };
    readonly Permissions: {
      readonly [key: string]: {
        readonly [key: string]: components["schemas"]["Flag"];
      };
    };
    readonly Resource: {
      readonly id: string;
      /** @description qemu, lxc, node, storage, pool, sdn or network */
      readonly type: string;
      readonly vmid?: number;
      readonly node?: string;
      readonly name?: string;
      readonly status?: string;
      readonly template?: components["schemas"]["Flag"];
      readonly maxcpu?: number;
      /** @description Share of maxcpu */
      readonly cpu?: number;
      readonly maxmem?: number;
      readonly mem?: number;
      readonly memhost?: number;
      readonly maxdisk?: number;
      readonly disk?: number;
      readonly netin?: number;
      readonly netout?: number;
      readonly diskread?: number;
      readonly diskwrite?: number;
      readonly uptime?: number;
      readonly pool?: string;
      /** @description Separated by semicolons */
      readonly tags?: string;
      readonly lock?: string;
      readonly hastate?: string;
      readonly storage?: string;
      readonly plugintype?: string;
      readonly content?: string;
      readonly shared?: components["schemas"]["Flag"];
      readonly level?: string;
      readonly "cgroup-mode"?: number;
      readonly "host-arch"?: string;
    };
    readonly ClusterStatus: {
      readonly id: string;
      /** @enum {string} */
      readonly type: "cluster" | "node";
      readonly name: string;
      readonly nodes?: number;
      readonly quorate?: components["schemas"]["Flag"];
      readonly version?: number;
      readonly nodeid?: number;
      readonly ip?: string;
      readonly local?: components["schemas"]["Flag"];
      readonly online?: components["schemas"]["Flag"];
      readonly level?: string;
    };
    readonly HaResource: {
      readonly sid: string;
      readonly type?: string;
      readonly state?: string;
      readonly group?: string;
      readonly max_relocate?: number;
      readonly max_restart?: number;
      readonly failback?: components["schemas"]["Flag"];
      readonly comment?: string;
      readonly digest?: string;
    };
    readonly HaRule: {
      readonly rule: string;
      /** @enum {string} */
      readonly type: "node-affinity" | "resource-affinity";
      readonly resources?: string;
      readonly nodes?: string;
      readonly strict?: components["schemas"]["Flag"];
      /** @enum {string} */
      readonly affinity?: "positive" | "negative";
      readonly disable?: components["schemas"]["Flag"];
      readonly comment?: string;
      readonly digest?: string;
    };
    readonly HaGroup: {
      readonly group: string;
      readonly nodes?: string;
      readonly restricted?: components["schemas"]["Flag"];
      readonly nofailback?: components["schemas"]["Flag"];
      readonly comment?: string;
      readonly digest?: string;
    };
    readonly HaStatus: {
      readonly id: string;
      readonly type: string;
      readonly node?: string;
      readonly sid?: string;
      readonly status?: string;
      readonly state?: string;
      readonly crm_state?: string;
      readonly request_state?: string;
      readonly quorate?: components["schemas"]["Flag"];
      readonly timestamp?: number;
    };
    readonly Pool: {
      readonly poolid: string;
      readonly comment?: string;
      readonly members?: readonly components["schemas"]["Resource"][];
    };
    readonly Node: {
      readonly node: string;
      readonly id?: string;
      readonly type?: string;
      /** @enum {string} */
      readonly status: "online" | "offline" | "unknown";
      readonly cpu?: number;
      readonly maxcpu?: number;
      readonly mem?: number;
      readonly maxmem?: number;
      readonly disk?: number;
      readonly maxdisk?: number;
      readonly uptime?: number;
      readonly level?: string;
      readonly ssl_fingerprint?: string;
    };
    readonly NodeStatus: {
      readonly cpu: number;
      readonly wait?: number;
      readonly uptime: number;
      readonly pveversion?: string;
      readonly kversion?: string;
      readonly loadavg?: readonly string[];
      readonly memory: components["schemas"]["Space"];
      readonly swap?: components["schemas"]["Space"];
      readonly rootfs: components["schemas"]["Space"];
      readonly cpuinfo?: components["schemas"]["Anything"];
    };
    readonly Space: {
      readonly total: number;
      readonly used: number;
      readonly free: number;
      readonly avail?: number;
      readonly available?: number;
    };
    readonly Figures: {
      readonly time: number;
    } & {
      readonly [key: string]: number;
    };
    readonly Storage: {
      readonly storage: string;
      readonly type: string;
      readonly content?: string;
      readonly active?: components["schemas"]["Figure"];
      readonly enabled?: components["schemas"]["Flag"];
      readonly shared?: components["schemas"]["Flag"];
      readonly total?: number;
      readonly used?: number;
      readonly avail?: number;
      readonly used_fraction?: number;
    };
    readonly Task: {
      readonly upid: string;
      readonly node: string;
      readonly pid?: number;
      readonly pstart?: number;
      readonly type: string;
      readonly id: string;
      readonly user: string;
      readonly tokenid?: string;
      readonly starttime: number;
      readonly endtime?: number;
      readonly status?: string;
    };
    readonly TaskStatus: {
      readonly upid: string;
      readonly node: string;
      readonly pid?: number;
      readonly pstart?: number;
      readonly type: string;
      readonly id: string;
      readonly user: string;
      readonly tokenid?: string;
      readonly starttime: number;
      /** @enum {string} */
      readonly status: "running" | "stopped";
      readonly exitstatus?: string;
    };
    readonly LogLine: {
      readonly n: number;
      readonly t: string;
    };
    readonly GuestRow: {
      readonly vmid: components["schemas"]["Figure"];
      readonly name?: string;
      readonly status: string;
      readonly qmpstatus?: string;
      readonly lock?: string;
      readonly tags?: string;
      readonly template?: components["schemas"]["Flag"];
      readonly cpus?: components["schemas"]["Figure"];
      readonly cpu?: number;
      readonly maxmem?: number;
      readonly mem?: number;
      readonly memhost?: number;
      readonly maxdisk?: number;
      readonly disk?: number;
      readonly uptime?: number;
      readonly pid?: number;
      readonly ha?: components["schemas"]["Anything"];
    };
    readonly Snapshot: {
      readonly name: string;
      readonly description?: string;
      readonly parent?: string;
      readonly snaptime?: number;
      readonly vmstate?: components["schemas"]["Flag"];
    };
    readonly Blockers: {
      readonly unavailable_storages?: readonly string[];
      readonly "unavailable-resources"?: readonly string[];
      readonly "blocking-ha-resources"?: readonly {
        readonly sid: string;
        readonly cause?: string;
      }[];
    };
    readonly LocalDisk: {
      readonly volid: string;
      readonly size?: number;
      readonly drivename?: string;
      readonly cdrom?: components["schemas"]["Flag"];
      readonly is_attached?: components["schemas"]["Flag"];
      readonly is_unused?: components["schemas"]["Flag"];
      readonly shared?: components["schemas"]["Flag"];
    };
    readonly VmPreconditions: {
      readonly running: components["schemas"]["Flag"];
      readonly allowed_nodes?: readonly string[];
      readonly not_allowed_nodes?: {
        readonly [key: string]: components["schemas"]["Blockers"];
      };
      readonly local_disks: readonly components["schemas"]["LocalDisk"][];
      readonly local_resources: readonly string[];
      readonly "mapped-resources"?: readonly string[];
      readonly "mapped-resource-info"?: components["schemas"]["Anything"];
      readonly "has-dbus-vmstate"?: components["schemas"]["Flag"];
      readonly "dependent-ha-resources"?: readonly string[];
    };
    readonly ContainerPreconditions: {
      readonly running: components["schemas"]["Flag"];
      readonly "allowed-nodes"?: readonly string[];
      readonly "not-allowed-nodes"?: {
        readonly [key: string]: components["schemas"]["Blockers"];
      };
      readonly "dependent-ha-resources"?: readonly string[];
    };
    readonly MigrateVm: {
      readonly target: string;
      readonly online?: components["schemas"]["Flag"];
      readonly "with-local-disks"?: components["schemas"]["Flag"];
      readonly "with-conntrack-state"?: components["schemas"]["Flag"];
      readonly targetstorage?: string;
      readonly bwlimit?: number;
    };
    readonly MigrateContainer: {
      readonly target: string;
      readonly restart?: components["schemas"]["Flag"];
      readonly timeout?: number;
      readonly "target-storage"?: string;
      readonly bwlimit?: number;
    };
    readonly Stop: {
      readonly "overrule-shutdown"?: components["schemas"]["Flag"];
    };
    readonly Shutdown: {
      readonly timeout?: number;
      readonly forceStop?: components["schemas"]["Flag"];
    };
    readonly Reboot: {
      readonly timeout?: number;
    };
    readonly Clone: {
      readonly newid: number;
      readonly full?: components["schemas"]["Flag"];
      readonly target?: string;
      readonly storage?: string;
      readonly pool?: string;
      readonly snapname?: string;
      readonly description?: string;
    };
    readonly NewSnapshot: {
      readonly snapname: string;
      readonly description?: string;
    };
    readonly Settings: {
      readonly [key: string]: string | number;
    };
    readonly NewVm: {
      readonly vmid: number;
    } & {
      readonly [key: string]: string | number;
    };
    readonly NewContainer: {
      readonly vmid: number;
      readonly ostemplate: string;
    } & {
      readonly [key: string]: string | number;
    };
  };
  responses: {
    /** @description Done */
    readonly Nothing: {
      headers: {
        readonly [name: string]: unknown;
      };
      content: {
        readonly "application/json": {
          readonly data: null;
        };
      };
    };
    /** @description The task that was started */
    readonly Upid: {
      headers: {
        readonly [name: string]: unknown;
      };
      content: {
        readonly "application/json": {
          readonly data: string;
        };
      };
    };
    /** @description Settings of a guest */
    readonly Config: {
      headers: {
        readonly [name: string]: unknown;
      };
      content: {
        readonly "application/json": {
          readonly data: components["schemas"]["Anything"];
        };
      };
    };
    /** @description Guests of a node */
    readonly Guests: {
      headers: {
        readonly [name: string]: unknown;
      };
      content: {
        readonly "application/json": {
          readonly data: readonly components["schemas"]["GuestRow"][];
        };
      };
    };
    /** @description State of a guest */
    readonly GuestStatus: {
      headers: {
        readonly [name: string]: unknown;
      };
      content: {
        readonly "application/json": {
          readonly data: components["schemas"]["GuestRow"];
        };
      };
    };
    /** @description Snapshots of a guest; the last entry is the present */
    readonly Snapshots: {
      headers: {
        readonly [name: string]: unknown;
      };
      content: {
        readonly "application/json": {
          readonly data: readonly components["schemas"]["Snapshot"][];
        };
      };
    };
  };
  parameters: {
    readonly node: string;
    readonly vmid: number;
    readonly upid: string;
    readonly snapname: string;
    readonly timeframe: "hour" | "day" | "week" | "month" | "year" | "decade";
    readonly cf: "AVERAGE" | "MAX";
  };
  requestBodies: never;
  headers: never;
  pathItems: never;
}
